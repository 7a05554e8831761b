import HubbubThreads
import Synchronization

/// What all clients of one siege share. Any thread.
final class Battlefield: Sendable {
  let plan: SiegePlan
  let run: RunID
  let ids: MessageIDs
  let clock = RunClock(origin: RunClock.system)

  /// Counted for the report only: relaxed.
  let connects = Atomic<Int>(0)
  let failedConnects = Atomic<Int>(0)
  let resets = Atomic<Int>(0)
  let evictions = Atomic<Int>(0)
  let floodLines = Atomic<Int>(0)
  let garbageBytes = Atomic<Int>(0)
  let sent = Atomic<Int>(0)
  let heard = Atomic<Int>(0)

  private struct State {
    var arrived = 0
    var phase = Phase.gathering
    var testimonies: [WitnessTestimony] = []
  }

  enum Phase: Int, Comparable {
    /// The healthy come in.
    case gathering

    /// Everybody does what it is there for.
    case fighting

    /// The healthy have stopped talking, and hear what is still under way.
    case listening
    case over

    static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
  }

  /// Guards where the siege stands, and what was handed over.
  private let state = Monitor(State())

  init(_ plan: SiegePlan, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    self.plan = plan
    run = RunID(using: &random)
    ids = MessageIDs(senders: plan.healthy)
  }

  var phase: Phase { state.withLock { $0.phase } }

  func enter(_ phase: Phase) {
    state.withLock { $0.phase = phase }
    state.wakeAll()
  }

  /// One of the healthy is in its room, or will never be.
  func noteArrival() {
    state.withLock { $0.arrived += 1 }
    state.wakeAll()
  }

  /// Waits until this many of the healthy have come.
  ///
  /// - Returns: false when `limit` passed first.
  func awaitArrivals(_ count: Int, upTo limit: Duration) -> Bool {
    state.wait(upTo: limit) { $0.arrived >= count ? true : nil } ?? false
  }

  /// Waits until the siege has come to this phase.
  func waitFor(_ phase: Phase) { _ = state.wait { $0.phase >= phase ? true : nil } }

  /// Does nothing for a while, or until the fighting is over.
  ///
  /// - Returns: whether it goes on.
  func pause(_ time: Duration) -> Bool {
    state.wait(upTo: time) { $0.phase > .fighting ? false : nil } ?? true
  }

  func handOver(_ testimony: WitnessTestimony) {
    state.withLock { $0.testimonies.append(testimony) }
  }

  /// What the healthy heard, in the order of their numbers.
  var testimonies: [WitnessTestimony] {
    state.withLock { $0.testimonies }.sorted { $0.index < $1.index }
  }
}

/// What one of the healthy says in the end.
struct WitnessTestimony: Sendable {
  let index: Int
  var sent = 0
  var heard: [UInt32] = []

  /// Why it was not there to the end; nil where it was.
  var failure: String?
}
