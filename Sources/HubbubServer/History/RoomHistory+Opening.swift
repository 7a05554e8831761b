import HubbubSockets
import HubbubStore
import Logging

extension RoomHistory {
  /// The history that the settings want; nil for none. Waits for the disk.
  ///
  /// Where nobody named the folder and it cannot be used, the server starts without history and
  /// says so; a file that must not be touched ends the start in any case.
  ///
  /// - Parameter source: where the settings come from.
  /// - Throws: `SettingsError`, `SystemError`.
  static func open(
    _ settings: ServerSettings, in source: String, _ logger: Logger
  ) throws -> RoomHistory? {
    let configuration = settings.configuration
    guard configuration.history.isEnabled, let folder = configuration.state else { return nil }
    do throws(Failure) {
      return try open(in: folder, configuration, logger)
    } catch {
      guard error.isOfFolder, configuration.isStateUsual else {
        let words = error.isOfFolder ? "\(error.text); or none with --no-history" : error.text
        throw SettingsError([settings.places.problem(words, about: "state", in: source)])
      }
      logger.warning("no history", metadata: ["reason": "\(error.text)"])
      return nil
    }
  }

  private struct Failure: Error {
    /// One sentence, or part of one, without a full stop.
    let text: String

    /// Whether another folder would do: nothing is wrong with what is in this one.
    let isOfFolder: Bool
  }

  private static func open(
    in folder: String, _ configuration: Configuration, _ logger: Logger
  ) throws(Failure) -> RoomHistory {
    SecretFile.makeDirectory(folder)
    let path = "\(folder)/history.db"
    let lock = try Self.lock("\(path).lock", folder)
    let reports = HistoryReports(logger)
    do {
      let store = try HistoryStore(
        path, storeConfiguration(configuration.history), patience: patience(configuration.history)
      ) { reports.report($0) }
      do {
        let rooms = RememberedRooms(try store.rooms())
        for stream in rooms.empty { store.writer.forget(stream) }
        return try RoomHistory(
          store, path, rooms, configuration.history, lock, reports)
      } catch {
        store.close(patience: .zero)
        throw error
      }
    } catch let error as StoreError {
      throw Failure(text: "\(error)", isOfFolder: error.isOfTheDisk)
    } catch {
      throw Failure(text: "'\(path)' cannot be opened: \(error)", isOfFolder: true)
    }
  }

  private static func lock(_ path: String, _ folder: String) throws(Failure) -> StateLock {
    do throws(StateLock.Failure) { return try StateLock(path) } catch {
      switch error {
      case .taken:
        throw Failure(
          text: "'\(folder)' is another running server's: choose another folder with --state",
          isOfFolder: true)
      case .system(let reason):
        throw Failure(text: "'\(folder)' cannot be written: \(reason.reason)", isOfFolder: true)
      }
    }
  }

  private static func storeConfiguration(
    _ settings: HistorySettings
  ) -> HistoryWriter.Configuration {
    var configuration = HistoryWriter.Configuration()
    configuration.retention = settings.retention
    // What gathers before it comes here counts as well: in all, at most 100 ms are lost.
    configuration.batchDelay = .milliseconds(75)
    return configuration
  }

  private static func patience(_ settings: HistorySettings) -> HistoryStore.Patience {
    var patience = HistoryStore.Patience()
    patience.search = settings.searchTime
    return patience
  }
}
