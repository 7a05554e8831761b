import HubbubBytes
import HubbubRooms
import IRCWire

/// Applies the log to this node's copy, and tells whoever waits. Belongs to the thread that reads
/// the log.
final class Applier {
  let replica: Replica
  private let tenure: Tenure
  private let outgoing: Outgoing

  /// What concerns those who are here and nobody waits for.
  private let tell: (Replica.Applied) -> Void

  /// What is kept in common, as it is applied.
  private let keep: (_ book: String, _ key: String, _ value: [UInt8]?) -> Void

  /// Why the log is read no further.
  enum End: Error, Equatable {
    /// The node is no member any more.
    case over

    /// The log has something that this node cannot make the others' state of; in words.
    case diverged(String)
  }

  init(
    _ replica: Replica, _ tenure: Tenure, _ outgoing: Outgoing,
    keep: @escaping (_ book: String, _ key: String, _ value: [UInt8]?) -> Void = { _, _, _ in },
    tell: @escaping (Replica.Applied) -> Void
  ) {
    (self.replica, self.tenure, self.outgoing, self.tell) = (replica, tenure, outgoing, tell)
    self.keep = keep
  }

  /// Applies entries that follow those it has applied.
  func apply(_ entries: [LogEntry]) throws(End) {
    let applied = replica.revision
    for entry in entries where entry.revision > applied { try apply(entry) }
  }

  private func apply(_ entry: LogEntry) throws(End) {
    if entry.content == .left(tenure.node), entry.revision > tenure.epoch { throw .over }
    var own: UInt64?
    do throws(ByteReader.Malformed) {
      try replica.apply(entry) { batch, place in
        guard batch.epoch == tenure.epoch, batch.node == tenure.node else { return nil }
        own = batch.number
        // Whoever learns of it may say the next thing: the log goes on, whatever the appender has
        // heard of it.
        outgoing.resume()
        return outgoing.pending(inBatch: batch.number, at: place)?.submitter
      } _: { applied, place in
        if case .keep(let book, let key, let value, _) = applied.action.deed {
          keep(book, key, value)
        }
        if let own, let pending = outgoing.pending(inBatch: own, at: place) {
          pending.ticket.fulfil(applied.result)
        } else {
          tell(applied)
        }
      }
    } catch {
      throw .diverged(error.what)
    }
    if let own { outgoing.land(own) }
  }
}
