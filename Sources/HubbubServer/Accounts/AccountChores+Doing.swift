import HubbubRooms
import HubbubStore
import Logging

// What is done, on the chores' thread.

extension AccountChores {
  /// A network's log takes no more in one piece.
  private static let markersAtOnce = 1000

  /// - Returns: what is left to do.
  func `do`(
    _ work: ChoresWork, _ hub: Hub, _ store: AccountStore, _ memory: inout ChoresMemory
  ) -> ChoresWork {
    var rest = ChoresWork()
    rest.rooms = work.rooms.filter { !save($0.value, store, hub.logger) }
    rest.staying = work.staying.filter { !save($0.value, of: $0.key, hub, store) }
    if !work.seen.isEmpty, !saveSeen(work.seen, store, hub.logger) { rest.seen = work.seen }
    rest.hasErasures = work.hasErasures && !eraseMessages(store, hub, &memory.erased)
    for room in work.amendedRooms {
      if let room = store.read({ $0.room(room) }) { hub.keepHistory(of: room) }
    }
    rest.hasMarkers = work.hasMarkers && !saveMarkers(hub.markers, store, hub.logger)
    if work.hasStays { hub.endLongStays(&memory.longStays) }
    rest.hasFaults = work.hasFaults && !hub.mendRooms(&memory.faults)
    rest.hasAmendments = work.hasAmendments && !writeBehind(store, hub.logger)
    return rest
  }

  /// - Returns: whether nothing is left to do.
  private func saveSeen(
    _ seen: [Int64: Set<String>], _ store: AccountStore, _ logger: Logger
  ) -> Bool {
    do throws(AccountError) {
      try store.noteSeen(seen)
      return true
    } catch {
      logger.error("not kept who was seen", metadata: ["reason": "\(error.answer.text)"])
      return false
    }
  }

  /// - Returns: whether nothing is left to do.
  private func save(_ room: Room, _ store: AccountStore, _ logger: Logger) -> Bool {
    guard let (number, kept) = room.kept else { return true }
    do throws(AccountError) {
      try store.setState(of: StreamID(rawValue: number), kept.stored, name: kept.name)
    } catch .noSuchRoom {
      // It was dropped meanwhile.
    } catch {
      logger.error(
        "room not kept", metadata: ["channel": "\(kept.name)", "reason": "\(error.answer.text)"])
      return false
    }
    return true
  }

  /// - Returns: whether nothing is left to do.
  private func save(
    _ stayer: Stayer, of account: Int64, _ hub: Hub, _ store: AccountStore
  ) -> Bool {
    do throws(AccountError) {
      switch stayer {
      // It says so itself that it stays no longer.
      case .person(let person) where person.hasLeft: return true
      case .person(let person):
        let row = hub.cluster == nil ? nil : store.read { $0.staying(account) }
        let noted = row.flatMap { StayingState(stored: $0.state) }
        try store.setStaying(account, hub.staying.record(of: person, account, besides: noted))
      case .record(let record): try store.setStaying(account, record)
      case .nobody: try store.setStaying(account, nil)
      }
    } catch .noSuchAccount {
      // It was erased meanwhile.
    } catch {
      hub.logger.error(
        "not kept who stays",
        metadata: ["account": "\(account)", "reason": "\(error.answer.text)"])
      return false
    }
    return true
  }

  /// Writes all markers that were moved, as one change.
  ///
  /// - Returns: whether nothing is left to do.
  private func saveMarkers(_ markers: ReadMarkers, _ store: AccountStore, _ logger: Logger) -> Bool
  {
    let news = markers.news
    do throws(AccountError) {
      for start in stride(from: 0, to: news.count, by: Self.markersAtOnce) {
        let some = Array(news[start..<min(start + Self.markersAtOnce, news.count)])
        try store.setMarkers(some)
        markers.didWrite(some)
      }
      return true
    } catch {
      logger.error("markers not kept", metadata: ["reason": "\(error.answer.text)"])
      return false
    }
  }

  /// Writes to the file what a network has changed.
  ///
  /// - Returns: whether nothing is left to do.
  private func writeBehind(_ store: AccountStore, _ logger: Logger) -> Bool {
    do throws(AccountError) {
      try store.writeBehind()
      return true
    } catch {
      logger.error("accounts not written", metadata: ["reason": "\(error.answer.text)"])
      return false
    }
  }

  /// Has deleted what erased accounts have said. Without a history it is left for a run with one.
  ///
  /// - Parameter erased: since when it is on record in the history that this is to be done. After a
  ///   while the disk has that for sure; until then it stands with the account as well. In a
  ///   network it stands there for good: each node has a history of its own, and does it as it
  ///   starts.
  /// - Returns: whether nothing is left to do.
  private func eraseMessages(
    _ store: AccountStore, _ hub: Hub, _ erased: inout [Int64: ContinuousClock.Instant]
  ) -> Bool {
    guard let history = hub.history else { return true }
    var isDone = true
    for account in store.read({ $0.withMessagesToErase }) {
      do throws(AccountError) {
        if let since = erased[account.id] {
          if hub.cluster != nil { continue }
          guard since.duration(to: .now) >= Self.pause else {
            isDone = false
            continue
          }
          try store.noteMessagesErased(account.id)
          erased[account.id] = nil
        } else {
          guard history.erase(account: account.id) else { throw .late }
          erased[account.id] = .now
          isDone = hub.cluster != nil && isDone
        }
      } catch {
        hub.logger.error(
          "messages not erased",
          metadata: ["account": "\(account.name)", "reason": "\(error.answer.text)"])
        isDone = false
        // A disk that hangs must not hold up the stop once for each of them.
        if isStopped { break }
      }
    }
    return isDone
  }
}
