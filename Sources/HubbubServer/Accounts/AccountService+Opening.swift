import HubbubStore
import Logging

extension AccountService {
  /// The accounts that the settings want; nil for none. Waits for the disk.
  ///
  /// Where nobody named the folder and it cannot be used, the server starts without them and says
  /// so; what is wrong with the file itself ends the start in any case.
  ///
  /// - Parameter source: where the settings come from.
  static func open(
    _ settings: ServerSettings, in source: String, _ logger: Logger
  ) throws -> AccountService? {
    let configuration = settings.configuration
    guard configuration.accounts.isEnabled, let folder = configuration.state else { return nil }
    do {
      let file = AccountFile(folder: folder)
      let service = try AccountService(file)
      logger.notice("accounts", metadata: ["file": "\(file.path)"])
      // Before anything changes.
      service.store.keepDailyCopy(logger)
      return service
    } catch let failure as AccountFile.Failure {
      guard failure.isOfFolder, configuration.isStateUsual else {
        throw SettingsError([
          settings.places.problem(failure.description, about: "state", in: source)
        ])
      }
      logger.warning("no accounts", metadata: ["reason": "\(failure.description)"])
      return nil
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
