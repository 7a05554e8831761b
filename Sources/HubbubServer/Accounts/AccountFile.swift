import Glibc
import HubbubSockets
import HubbubStore

/// Opens `accounts.db` in a folder, for one process at a time.
struct AccountFile {
  /// Why there are no accounts.
  struct Failure: Error, CustomStringConvertible {
    /// One sentence, or part of one, without a full stop.
    let description: String

    /// Whether another folder would do: nothing is wrong with what is in this one.
    let isOfFolder: Bool
  }

  let folder: String

  var path: String { "\(folder)/accounts.db" }

  /// Opens it, or makes it. Waits for the disk; the store's thread is started.
  func open(
    _ configuration: AccountStore.Configuration = .init()
  ) throws(Failure) -> (AccountStore, StateLock) {
    SecretFile.makeDirectory(folder)
    let lock: StateLock
    do throws(StateLock.Failure) { lock = try StateLock("\(path).lock") } catch {
      switch error {
      case .taken:
        throw Failure(
          description: "'\(path)' is another running server's: choose another folder with --state",
          isOfFolder: true)
      case .system(let reason):
        throw Failure(
          description: "'\(folder)' cannot be written: \(reason.reason)", isOfFolder: true)
      }
    }
    do {
      return (try AccountStore(path, configuration), lock)
    } catch let error as StoreError {
      throw Failure(description: "\(error)", isOfFolder: error.isOfTheDisk)
    } catch {
      throw Failure(description: "'\(path)' cannot be opened: \(error)", isOfFolder: true)
    }
  }
}
