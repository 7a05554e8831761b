import Glibc
import HubbubSockets
import HubbubThreads

/// The secret that cloaks are made with, and the file where it outlives the server.
struct CloakKey {
  /// Why there is none.
  struct Failure: Error {
    let text: String

    /// Whether there is a file, and what it holds is no secret.
    var isOfContents = false
  }

  /// nil where there is no place for it.
  let path: String?

  /// Whether its folder is one that the server makes.
  private let isInOwnFolder: Bool

  private static let leastBytes = 16

  /// - Parameter environment: the values of environment variables.
  init(
    _ configuration: Configuration,
    environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }
  ) {
    if let file = configuration.cloakKeyFile {
      (path, isInOwnFolder) = (file, false)
    } else if let file = configuration.banFile {
      let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
      (path, isInOwnFolder) = ("\(folder)cloak.key", false)
    } else {
      (path, isInOwnFolder) = (StateFolder.usual(environment).map { "\($0)/cloak.key" }, true)
    }
  }

  /// The secret; nil where there is no file yet. Waits for the disk.
  func read() throws(Failure) -> [UInt8]? {
    guard let path else { return nil }
    let text: String
    do throws(FileError) {
      text = try TextFile.read(path)
    } catch {
      if error.isMissing { return nil }
      throw Failure(text: "'\(path)' cannot be read: \(error.reason)")
    }
    let bytes = Array(text.utf8)
    let isBlank = { (byte: UInt8) in byte <= 0x20 }
    let secret = Array(bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    guard secret.count >= Self.leastBytes else {
      throw Failure(
        text: "'\(path)' has no secret of at least \(Self.leastBytes) bytes in it; where it is "
          + "removed, the next start makes one",
        isOfContents: true)
    }
    return secret
  }

  /// The secret; nil where it would be made, and nothing stands in the way. Waits for the disk.
  func check() throws(Failure) -> [UInt8]? {
    if let secret = try read() { return secret }
    guard let path, !isInOwnFolder else { return nil }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard access(folder, W_OK | X_OK) == 0 else {
      let reason = SystemError(call: "access", errno: errno).reason
      throw Failure(text: "'\(path)' cannot be made: \(reason)")
    }
    return nil
  }

  /// The secret, which is made where there is none yet. Waits for the disk.
  func readOrMake() throws(Failure) -> [UInt8] {
    if let secret = try read() { return secret }
    guard let path else {
      throw Failure(text: "there is no folder for the cloaks' key; expected the name of a file")
    }
    if isInOwnFolder { SecretFile.makeDirectory(String(path.dropLast("/cloak.key".count))) }
    do throws(FileError) { try SecretFile.make(path) } catch {
      throw Failure(text: "'\(path)' cannot be made: \(error.reason)")
    }
    guard let secret = try read() else { throw Failure(text: "'\(path)' was removed at once") }
    return secret
  }
}
