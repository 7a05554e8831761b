import HubbubStore

/// Opens `accounts.db` in a folder, for one process at a time.
struct AccountFile {
  let folder: String

  var path: String { "\(folder)/accounts.db" }

  /// Opens it, or makes it. Waits for the disk; the store's thread is started.
  func open(
    _ configuration: AccountStore.Configuration = .init()
  ) throws(StateFailure) -> (AccountStore, StateLock) {
    let lock = try StateLock(of: path, in: folder)
    do { return (try AccountStore(path, configuration), lock) } catch {
      throw StateFailure(error, of: path)
    }
  }
}
