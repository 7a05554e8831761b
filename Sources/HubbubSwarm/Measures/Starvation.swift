/// Who had to wait while there was something to deliver (M8).
public struct Starvation: Sendable {
  /// The longest wait of one sender or recipient, and when it began, in nanoseconds.
  public struct Wait: Sendable, Equatable, Codable {
    public var length: Nanoseconds
    public var start: Nanoseconds
  }

  /// The most messages of one sender in a row.
  public static func longestRun(_ senders: some Sequence<Int>) -> (sender: Int, messages: Int)? {
    var best: (sender: Int, messages: Int)?
    var (current, length) = (-1, 0)
    for sender in senders {
      length = sender == current ? length + 1 : 1
      current = sender
      if length > best?.messages ?? 0 { best = (sender, length) }
    }
    return best
  }

  /// The least Jain's index over all windows of `width` messages that lie side by side.
  ///
  /// - Parameters:
  ///   - order: the sender of each message, in the order of delivery, each below `senders`.
  ///   - senders: how many take part.
  /// - Returns: nil where the order is shorter than a window.
  public static func leastJain(_ order: [Int], senders: Int, width: Int) -> Double? {
    guard width > 0, order.count >= width else { return nil }
    var counts = Array(repeating: 0, count: senders)
    var squares = 0
    var greatest = 0
    for (index, sender) in order.enumerated() {
      squares += 2 * counts[sender] + 1
      counts[sender] += 1
      if index >= width {
        let leaver = order[index - width]
        squares -= 2 * counts[leaver] - 1
        counts[leaver] -= 1
      }
      if index >= width - 1 { greatest = max(greatest, squares) }
    }
    return Double(width) * Double(width) / (Double(senders) * Double(greatest))
  }
}
