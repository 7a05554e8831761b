import Glibc
import HubbubThreads

/// When one bot means to send each of its messages, decided before the run and whatever the server
/// does.
///
/// A bot that is held up does not shift what follows: its messages are late against this schedule,
/// and the response time shows it. That is what keeps the figures free of coordinated omission.
public struct Schedule: Sendable {
  /// Messages that go out together in the pattern `burst`.
  static let burstMessages = 10

  /// Messages that one bot says in a row in the pattern `conversation`, on average.
  static let turnMessages = 4.0

  /// Its mean time between two messages, in nanoseconds.
  public let period: Double

  private let pattern: Pattern
  private var random: SplitMix64
  private var next: Double
  private var leftInGroup: Int

  /// - Parameters:
  ///   - rate: this bot's messages per second, above 0.
  ///   - place: this bot's place among `of` bots, from 0.
  ///   - random: chance; each bot has its own.
  public init(
    _ pattern: Pattern, rate: Double, place: Int, of bots: Int, using random: SplitMix64
  ) {
    precondition(rate > 0, "A schedule needs a rate above 0.")
    self.pattern = pattern
    self.random = random
    period = 1e9 / rate
    next = 0
    leftInGroup = 0
    switch pattern {
    case .constant: next = period * Double(place) / Double(max(bots, 1))
    case .poisson: next = exponential(mean: period)
    case .burst: leftInGroup = Self.burstMessages
    case .conversation: startTurn()
    }
  }

  /// The time of the next message, in nanoseconds since the start; never earlier than the one
  /// before.
  public mutating func nextDue() -> Nanoseconds {
    let due = next
    switch pattern {
    case .constant: next += period
    case .poisson: next += exponential(mean: period)
    case .burst:
      leftInGroup -= 1
      if leftInGroup == 0 {
        leftInGroup = Self.burstMessages
        next += period * Double(Self.burstMessages)
      }
    case .conversation:
      leftInGroup -= 1
      if leftInGroup > 0 { next += exponential(mean: period / 10) } else { startTurn() }
    }
    return Nanoseconds(due)
  }

  /// Picks the length of the next turn, and the silence before it that keeps the mean rate.
  private mutating func startTurn() {
    let more = log(random.unit()) / log(1 - 1 / Self.turnMessages)
    leftInGroup = 1 + Int(more)
    let spoken = Double(leftInGroup - 1) * period / 10
    next += exponential(mean: period * Double(leftInGroup) - spoken)
  }

  private mutating func exponential(mean: Double) -> Double {
    -log(random.unit()) * mean
  }
}
