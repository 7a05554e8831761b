import Glibc
import HubbubThreads

/// A server's own certificate and key for a home network, made once and kept in a directory.
public struct SelfSignedFiles: Sendable {
  public let certificateFile: String
  public let keyFile: String

  /// What to join with.
  public let fingerprint: Fingerprint

  /// Whether they were made just now.
  public let isNew: Bool

  /// Uses what is in the directory, and makes what is missing: the directory for its owner alone
  /// (0700), the key for nobody else to read (0600).
  ///
  /// - Parameter names: what the machine is called, for a certificate that is made now.
  /// - Throws: `TLSError`, also where what is there cannot be used: it is never overwritten.
  public static func prepare(
    in directory: String, names: [String] = MachineNames.all
  ) throws(TLSError) -> SelfSignedFiles {
    let certificateFile = "\(directory)/certificate.pem"
    let keyFile = "\(directory)/key.pem"
    var isNew = false
    if access(certificateFile, F_OK) != 0, access(keyFile, F_OK) != 0 {
      try make(directory)
      let identity = try TLSIdentity.selfSigned(names: names)
      // The key first: whoever finds a certificate finds its key as well.
      try write(identity.key, to: keyFile, mode: 0o600)
      try write(identity.certificates, to: certificateFile, mode: 0o644)
      isNew = true
    }
    let identity = try TLSIdentity(certificateFile: certificateFile, keyFile: keyFile)
    return SelfSignedFiles(
      certificateFile: certificateFile, keyFile: keyFile, fingerprint: identity.fingerprint,
      isNew: isNew)
  }

  /// `$XDG_DATA_HOME/hubbub`, which is `~/.local/share/hubbub` where nothing else is said; nil
  /// without a home.
  public static func defaultDirectory(environment: (String) -> String?) -> String? {
    // "All paths set in these environment variables must be absolute" (XDG Base Directory
    // Specification).
    if let data = environment("XDG_DATA_HOME"), data.hasPrefix("/") { return "\(data)/hubbub" }
    guard let home = environment("HOME"), !home.isEmpty else { return nil }
    return "\(home)/.local/share/hubbub"
  }

  /// Makes the directory, and those above it that are missing.
  private static func make(_ directory: String) throws(TLSError) {
    for (index, character) in directory.enumerated().dropFirst() where character == "/" {
      // Where one cannot be made, the last one says so.
      mkdir(String(directory.prefix(index)), 0o700)
    }
    guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
      throw .cannotKeep(file: directory, reason: SystemError(call: "mkdir", errno: errno).reason)
    }
  }

  /// Writes a file that is there whole or not at all.
  private static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(TLSError) {
    do throws(FileError) {
      try SmallFile.replace(path, with: bytes, mode: mode)
    } catch {
      throw .cannotKeep(file: path, reason: error.reason)
    }
  }
}
