/// Whether a sender's messages reach one recipient in the order in which they were said (M7b).
public struct SenderOrder: Sendable {
  /// Arrivals of a message after a later one of the same sender.
  public private(set) var decreases = 0

  private var last: [Int]

  public init(senders: Int) {
    last = Array(repeating: 0, count: senders)
  }

  public mutating func note(sender: Int, number: Int) {
    if number < last[sender] { decreases += 1 } else { last[sender] = number }
  }
}
