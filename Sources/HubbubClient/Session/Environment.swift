import Glibc

/// What this process was started with.
enum Environment {
  /// All variables. Read before any other thread could change them.
  static let all: [String: String] = {
    var result: [String: String] = [:]
    // `environ` is not in the module; the kernel's own record of the start is.
    guard let file = fopen("/proc/self/environ", "r") else { return result }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    for entry in bytes.split(separator: 0) {
      let text = String(decoding: entry, as: UTF8.self)
      guard let equals = text.firstIndex(of: "=") else { continue }
      result[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return result
  }()

  /// The name one logged in with, as a nickname: what cannot be in one is left out.
  static var loginNickname: String {
    let login =
      all["LOGNAME"] ?? all["USER"]
      ?? getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
    let kept = (login ?? "").filter {
      $0.isASCII && ($0.isLetter || $0.isNumber || "_-[]{}|^".contains($0))
    }
    let name = String(kept.drop { $0.isNumber || $0 == "-" }.prefix(16))
    return name.isEmpty ? "guest" : name
  }
}
