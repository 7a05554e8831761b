import HubbubStore
import IRCWire

/// What a server has remembered, for whoever keeps it; it may be running. One thread; all of it
/// waits for the disk.
public struct HistoryAdministration {
  /// Why something was not done. People read `description`.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private let folder: String

  public init(_ settings: ServerSettings) throws(Failure) {
    guard let folder = settings.configuration.state else {
      throw Failure(description: "There is no folder of what is remembered: name one with --state")
    }
    self.folder = folder
  }

  /// What was said in a room, line by line as JSON.
  ///
  /// - Returns: how many lines.
  public func export(room: String, to body: (String) throws -> Void) throws -> Int {
    let names = try? AccountNames(folder)
    guard let count = try open(names).write(.room(room), to: body) else {
      throw Failure(description: "Nothing is remembered of a room '\(room)'")
    }
    return count
  }

  /// What an account has said, in rooms and in private.
  ///
  /// - Returns: how many lines.
  public func export(account: String, to body: (String) throws -> Void) throws -> Int {
    let names: AccountNames
    do throws(StoreError) { names = try AccountNames(folder) } catch {
      throw Failure(description: "\(folder)/accounts.db: \(error)")
    }
    guard let id = names.number(of: account) else {
      throw Failure(description: "There is no account '\(account)'")
    }
    return try open(names).write(.account(id), to: body) ?? 0
  }

  private func open(_ names: AccountNames?) throws(Failure) -> HistoryExport {
    do throws(StoreError) {
      return try HistoryExport("\(folder)/history.db") { names?.name(of: $0) }
    } catch {
      throw Failure(description: "\(folder)/history.db: \(error)")
    }
  }
}
