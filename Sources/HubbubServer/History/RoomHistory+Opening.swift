import HubbubSockets
import HubbubStore
import Logging

extension RoomHistory {
  /// The history that the settings want; nil for none. Waits for the disk.
  ///
  /// - Parameters:
  ///   - source: where the settings come from.
  ///   - accounts: whose what is said is stored as; nil where there are none.
  static func open(
    _ settings: ServerSettings, in source: String, _ accounts: AccountService?, _ logger: Logger
  ) throws -> RoomHistory? {
    let wanted = settings.configuration.history
    guard wanted.isEnabled else { return nil }
    return try StateFolder.open(
      "history", settings, in: source, logger, orElse: "; or none with --no-history"
    ) { folder throws(StateFailure) in
      try open(
        in: folder, wanted, isShared: !settings.configuration.cluster.engine.isEmpty, accounts,
        logger)
    }
  }

  private static func open(
    in folder: String, _ settings: HistorySettings, isShared: Bool,
    _ accounts: AccountService?, _ logger: Logger
  ) throws(StateFailure) -> RoomHistory {
    let path = "\(folder)/history.db"
    let lock = try StateLock(of: path, in: folder)
    let reports = HistoryReports(logger)
    do {
      let store = try HistoryStore(
        path, storeConfiguration(settings), patience: patience(settings)
      ) { reports.report($0) }
      do {
        let isMarked = try store.network() != nil
        let rooms = RememberedRooms(
          try store.rooms(), isShared: isShared, isMarked: isShared && isMarked,
          forgetsEmptyRooms: settings.emptyRooms == .forgotten)
        // It goes its own way from here on.
        if !isShared, isMarked { store.writer.note(nil) }
        for stream in rooms.empty { store.writer.forget(stream) }
        return try RoomHistory(store, path, rooms, settings, lock, reports) { name in
          accounts?.store.read { $0.account(named: name)?.id }
        } keepingAccount: { name in
          let account = accounts?.store.read { $0.account(named: name) }
          guard let account, account.isOpen, !account.flags.contains(.keepsNoDirectMessages)
          else { return nil }
          return account.id
        }
      } catch {
        store.close(patience: .zero)
        throw error
      }
    } catch {
      throw StateFailure(error, of: path)
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
