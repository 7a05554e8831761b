import HubbubRooms
import IRCWire

/// Appends what this node has to say to the log, one batch after the other. Belongs to the
/// appender's thread.
final class Appender {
  private let engine: any Engine
  private let tenure: Tenure
  private let outgoing: Outgoing

  /// The time of day, and what this node can show of its state.
  private let now: () -> Timestamp
  private let check: () -> StateCheck.Digest?

  /// Of the batch that comes next, or is being appended.
  private var number: UInt64

  /// The batch that is being appended, until it is known that it was: it may have been tried
  /// before.
  private var current: [UInt8]?

  init(
    _ engine: any Engine, _ tenure: Tenure, _ outgoing: Outgoing,
    now: @escaping () -> Timestamp, check: @escaping () -> StateCheck.Digest?
  ) {
    (self.engine, self.tenure, self.outgoing) = (engine, tenure, outgoing)
    (self.now, self.check) = (now, check)
    number = tenure.batches + 1
  }

  /// Appends one batch: what has gathered, or nothing after `silence`, to say that it is there.
  ///
  /// - Returns: false where there is nothing to append any more.
  /// - Throws: `.away` and `.refused`: to be called again; all else ends it.
  func step(silence: Duration) throws(EngineError) -> Bool {
    if current == nil {
      guard let actions = outgoing.take(as: number, upTo: silence) else { return false }
      current =
        Batch(
          node: tenure.node, epoch: tenure.epoch, number: number, time: now().milliseconds,
          check: check(), actions: actions
        ).bytes
    }
    _ = try engine.append(current!, number: number, in: tenure)
    current = nil
    number += 1
    return true
  }
}
