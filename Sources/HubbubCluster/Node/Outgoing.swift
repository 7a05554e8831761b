import HubbubRooms
import HubbubThreads

/// What people of this node want to happen and that the log has not shown yet. Any thread.
///
/// 1. An action is submitted: it waits.
/// 2. The appender takes what waits as the next batch: it is in flight.
/// 3. The log shows the batch: what came of each action is told to whoever waits for it.
/// 4. The node's time is over: all are refused. What was in flight may have been carried out all
///    the same, so whoever submitted it must go.
final class Outgoing: Sendable {
  struct Pending: Sendable {
    let bytes: [UInt8]
    let submitter: Replica.Submitter
    let ticket: Ticket
  }

  private struct State {
    var waiting: [Pending] = []

    /// By the numbers of their batches: one, until it is known that it was appended, and those that
    /// the log has still to show.
    var inFlight: [UInt64: [Pending]] = [:]

    /// Why nothing is taken any more, for now or for good.
    var isPaused = false
    var isClosed = false

    /// How many actions were not taken in.
    var refused: UInt64 = 0
  }

  /// Guards it. Nothing else is locked under it.
  private let state = Monitor(State())

  /// Takes an action in. Each connection has one at a time, so that the sum is bounded by their
  /// number, and by what one line can say.
  ///
  /// - Parameter isPatient: whether it waits even where the engine has been away for long.
  /// - Throws: `.unavailable` where it can come to nothing now; nothing of it will happen.
  func add(_ pending: Pending, isPatient: Bool) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in
      // One that the engine would never take would hold up all behind it for good.
      let isTooLarge = pending.bytes.count > Batch.maxActionBytes
      if state.isClosed || isTooLarge || state.isPaused && !isPatient {
        state.refused += 1
        throw .unavailable
      }
      state.waiting.append(pending)
    }
    state.wakeAll()
  }

  /// What has gathered, as the batch with this number; empty where nothing has within `limit`. The
  /// appender's thread.
  ///
  /// - Returns: nil where it is closed.
  func take(as number: UInt64, upTo limit: Duration) -> [[UInt8]]? {
    let taken: [Pending]? =
      state.wait(upTo: limit) { state -> [Pending]?? in
        if state.isClosed { return .some(nil) }
        guard !state.waiting.isEmpty else { return nil }
        return .some(Self.take(&state, number))
      } ?? []
    return taken.map { $0.map(\.bytes) }
  }

  private static func take(_ state: inout State, _ number: UInt64) -> [Pending] {
    var (count, bytes) = (0, 0)
    for pending in state.waiting.prefix(Batch.maxActions) {
      // One that is larger than a batch by itself goes alone.
      if count > 0, bytes + pending.bytes.count > Batch.maxBytes { break }
      count += 1
      bytes += pending.bytes.count
    }
    let taken = Array(state.waiting.prefix(count))
    state.waiting.removeFirst(count)
    state.inFlight[number] = taken
    return taken
  }

  /// Who waits for an action of a batch. The thread that applies.
  func pending(inBatch number: UInt64, at place: Int) -> Pending? {
    state.withLock { state in
      guard let batch = state.inFlight[number], batch.indices.contains(place) else { return nil }
      return batch[place]
    }
  }

  /// The log has shown a batch. The thread that applies.
  func land(_ number: UInt64) { state.withLock { $0.inFlight[number] = nil } }

  /// Takes nothing until `resume`: the engine has been away for too long. What waits goes on
  /// waiting.
  func pause() { state.withLock { $0.isPaused = true } }

  func resume() { state.withLock { $0.isPaused = false } }

  /// Refuses all that waits or is in flight, and whatever comes.
  func close() {
    let all = state.withLock { state in
      defer { (state.waiting, state.inFlight) = ([], [:]) }
      state.isClosed = true
      return state.waiting + state.inFlight.values.joined()
    }
    state.wakeAll()
    for pending in all { pending.ticket.fulfil(.failure(.unavailable)) }
  }

  /// How many actions were refused because the nodes could not agree: whoever says something by a
  /// NOTICE is not answered.
  var refused: UInt64 { state.withLock { $0.refused } }

  /// How many actions wait or are in flight.
  var count: Int {
    state.withLock { $0.inFlight.values.reduce($0.waiting.count) { $0 + $1.count } }
  }
}
