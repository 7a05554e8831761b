import HubbubStore
import Logging

extension AccountService {
  /// The accounts that the settings want; nil for none. Waits for the disk.
  ///
  /// - Parameter source: where the settings come from.
  static func open(
    _ settings: ServerSettings, in source: String, _ logger: Logger
  ) throws -> AccountService? {
    guard settings.configuration.accounts.isEnabled else { return nil }
    return try StateFolder.open("accounts", settings, in: source, logger) { folder in
      let file = AccountFile(folder: folder)
      let service = try AccountService(file)
      logger.notice("accounts", metadata: ["file": "\(file.path)"])
      // Before anything changes.
      service.store.keepDailyCopy(logger)
      return service
    }
  }
}

extension AccountStore {
  /// Makes today's copy, unless it is there. Waits for the disk.
  func keepDailyCopy(_ logger: Logger) {
    do throws(AccountError) {
      guard let path = try makeDailyCopy() else { return }
      logger.info("accounts copied", metadata: ["file": "\(path)"])
    } catch {
      logger.error("accounts not copied", metadata: ["reason": "\(error.answer.text)"])
    }
  }
}
