import HubbubRooms
import HubbubSockets
import HubbubThreads
import IRCWire
import Logging

/// The server's bans. Any thread may call any method; only `save` and `init` wait for a disk.
final class BanList: Sendable {
  /// Guards the bans. Nothing else is locked under it; they are compared outside, with a copy.
  private let state: Monitor<State>
  private let file: BanFile?
  private let saving = OneAtATime()

  private struct State {
    var bans: [ServerBan]
    var isSaved = true
  }

  /// Reads the bans that were kept.
  init(file: BanFile?) throws(SettingsError) {
    self.file = file
    state = Monitor(State(bans: try file?.read() ?? []))
  }

  /// Those in force, the oldest first.
  func all(at now: Timestamp) -> [ServerBan] {
    state.withLock { $0.bans }.filter { !$0.isExpired(at: now) }
  }

  /// The ban that concerns a person, if there is one.
  func ban(matching profile: Profile, at now: Timestamp) -> ServerBan? {
    let bans = state.withLock { $0.bans }
    guard !bans.isEmpty else { return nil }
    let (subject, address) = (profile.maskSubject, IPAddress(profile.peerAddress))
    return bans.first { !$0.isExpired(at: now) && $0.matches(subject, from: address) }
  }

  /// The ban that concerns an address whoever comes from there, if there is one.
  func ban(ofAddress text: String, at now: Timestamp) -> ServerBan? {
    let bans = state.withLock { $0.bans }
    guard !bans.isEmpty, let address = IPAddress(text) else { return nil }
    return bans.first { ban in
      guard case .network(let range) = ban.target else { return false }
      return range.contains(address) && !ban.isExpired(at: now)
    }
  }

  /// Adds a ban, in the place of the one with the same target. `save` afterwards.
  ///
  /// - Parameter limit: how many there may be.
  /// - Returns: false when it would be one too many.
  func add(_ ban: ServerBan, upTo limit: Int) -> Bool {
    state.withLock { state in
      let others = state.bans.filter { $0.target != ban.target && !$0.isExpired(at: ban.setAt) }
      guard others.count < limit else { return false }
      state.bans = others + [ban]
      state.isSaved = false
      return true
    }
  }

  /// Lifts a ban. `save` afterwards.
  ///
  /// - Returns: the ban; nil when there was none.
  func remove(_ target: ServerBan.Target) -> ServerBan? {
    state.withLock { state in
      guard let place = state.bans.firstIndex(where: { $0.target == target }) else { return nil }
      state.isSaved = false
      return state.bans.remove(at: place)
    }
  }

  /// Forgets the bans that are over. The file forgets them with the next change: they are over
  /// there too.
  ///
  /// - Returns: those that were forgotten.
  func dropExpired(at now: Timestamp) -> [ServerBan] {
    state.withLock { state in
      let over = state.bans.filter { $0.isExpired(at: now) }
      if !over.isEmpty { state.bans.removeAll { $0.isExpired(at: now) } }
      return over
    }
  }

  /// Whether their file, if there is one, says them as they are.
  var isSaved: Bool { file == nil || state.withLock { $0.isSaved } }

  /// Writes the bans to their file, if they have changed. Waits for the disk, and for others who
  /// save.
  ///
  /// A disk that fails costs nobody anything: the bans hold, an alarm is logged, and the next
  /// change tries again (fault L9).
  ///
  /// - Returns: why they could not be written.
  func save(_ logger: Logger) -> String? {
    guard let file else { return nil }
    // What is written is looked up when it is our turn: whoever is last writes the newest.
    return saving.run { () -> String? in
      let unsaved = state.withLock { state -> [ServerBan]? in
        defer { state.isSaved = true }
        return state.isSaved ? nil : state.bans
      }
      guard let unsaved else { return nil }
      do {
        try file.write(unsaved)
        return nil
      } catch {
        state.withLock { $0.isSaved = false }
        let reason = (error as? FileError)?.reason ?? "\(error)"
        logger.critical(
          "bans not saved", metadata: ["file": "\(file.path)", "reason": "\(reason)"])
        return reason
      }
    } ?? nil
  }
}
