import Logging

extension StateFolder {
  /// Opens something that the server keeps in its folder. Waits for the disk.
  ///
  /// Where nobody named the folder and it cannot be used, the server starts without and says so; a
  /// file that must not be touched ends the start in any case.
  ///
  /// - Parameters:
  ///   - name: what it is, for the log.
  ///   - source: where the settings come from.
  ///   - alternative: how to do without the folder.
  ///   - open: opens it, in this folder; it throws a `StateFailure`, or what else ends the start.
  /// - Returns: nil where there is no folder, or none that can be used.
  /// - Throws: `SettingsError`.
  static func open<Kept>(
    _ name: String, _ settings: ServerSettings, in source: String, _ logger: Logger,
    orElse alternative: String = "", _ open: (String) throws -> Kept
  ) throws -> Kept? {
    let configuration = settings.configuration
    guard let folder = configuration.state else { return nil }
    do { return try open(folder) } catch let failure as StateFailure {
      guard failure.isOfFolder, configuration.isStateUsual else {
        let words = failure.description + (failure.isOfFolder ? alternative : "")
        throw SettingsError([settings.places.problem(words, about: "state", in: source)])
      }
      logger.warning("no \(name)", metadata: ["reason": "\(failure)"])
      return nil
    }
  }
}
