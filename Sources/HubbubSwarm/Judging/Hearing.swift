/// What one recipient heard, compared with what was sent and with the reference.
struct Hearing: Sendable {
  let nickname: String
  var completeness = Completeness()
  var disagreement = Disagreement()

  /// Messages that came changed or cut.
  var altered = 0

  /// M7b at this recipient.
  var decreases = 0

  /// Messages that arrived within the measured time.
  var deliveries = 0

  /// Of the measured messages, in microseconds.
  var medianLatency = 0.0

  /// The longest time in which it heard nothing while there was something to hear.
  var longestWait: Starvation.Wait?

  /// Deliveries to it, by sender.
  var bySender: [Int]
}
