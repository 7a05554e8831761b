import Glibc
import HubbubSockets

/// Where a password is kept outside of this program.
enum SecretSource {
  /// The first line of a file that nobody but its owner may read.
  ///
  /// - Throws: `AccountChoice.Fault`.
  static func file(_ path: String) throws(AccountChoice.Fault) -> String {
    let name = SafeText.clean(path)
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & 0o077 == 0 else {
        throw .init(description: "Others may read the password in \(name): chmod 600 \(name)")
      }
      guard status.st_uid == geteuid() || status.st_uid == 0 else {
        throw .init(description: "The password file \(name) belongs to somebody else.")
      }
    }
    let bytes: [UInt8]
    do throws(FileError) { bytes = try SmallFile.read(path) } catch {
      throw .init(description: "The password in \(name) cannot be read: \(error).")
    }
    return try firstLine(bytes, of: name)
  }

  /// The first line that a shell command prints. Waits for it.
  ///
  /// - Throws: `AccountChoice.Fault`.
  static func command(_ text: String) throws(AccountChoice.Fault) -> String {
    let name = "the password command"
    guard let pipe = popen(text, "re") else {
      throw .init(description: "The password command could not be started.")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
      if bytes.count < 64 * 1024 { bytes += buffer[..<count] }
    }
    let status = pclose(pipe)
    guard status == 0 else {
      let code = status & 0x7F == 0 ? "code \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
      throw .init(description: "The password command failed (\(code)).")
    }
    return try firstLine(bytes, of: name)
  }

  private static func firstLine(
    _ bytes: [UInt8], of name: String
  ) throws(AccountChoice.Fault) -> String {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard !line.isEmpty, let text = String(validating: line, as: UTF8.self), !text.contains("\0")
    else {
      throw .init(description: "There is no password in the first line of \(name).")
    }
    return text
  }
}
