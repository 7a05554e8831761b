import FoundationEssentials
import Glibc
import HubbubThreads

/// A folder for files that are gone with it. Its owner removes it, once.
struct TemporaryFolder {
  let path: String

  /// - Throws: `SystemError` where there is no room for one.
  static func make() throws(SystemError) -> TemporaryFolder {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(parent)/hubbub-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw SystemError(call: "mkdtemp", errno: errno) }
    return TemporaryFolder(
      path: String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  /// What cannot be removed is left to whoever clears the folder of temporary files.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
