/// A line every few seconds, for those who read a log and not a terminal.
public struct PlainView: RunView {
  /// Seconds between two lines.
  static let interval = 3.0

  private var next = PlainView.interval

  public init() {}

  public mutating func show(_ progress: Progress) {
    guard progress.elapsed >= next else { return }
    next = progress.elapsed + Self.interval
    print(Self.line(progress))
  }

  public func clear() {}

  static func line(_ progress: Progress) -> String {
    let sent = progress.bots.reduce(0) { $0 + $1.sent }
    let received = progress.bots.reduce(0) { $0 + $1.received }
    let due = progress.bots.reduce(0) { $0 + $1.due }
    let isOver = progress.phase == .draining
    let end = isOver ? nil : progress.expected.map { " of \(Words.number($0, 0))" }
    let phase = isOver ? ", waiting for the last messages" : ""
    return
      "\(Words.number(progress.elapsed, 0))\(end ?? "") s\(phase): \(Words.short(Double(sent))) "
      + "sent, "
      + "\(Words.short(Double(received))) of \(Words.short(Double(due))) arrived"
      + gates(progress.verdicts)
  }

  /// What holds so far, or what does not.
  private static func gates(_ verdicts: [RunningVerdict]) -> String {
    let broken = verdicts.filter { !$0.isKept }.map { "\($0.mark) \($0.measure) \($0.text)" }
    if verdicts.isEmpty { return "" }
    return broken.isEmpty ? ", all gates hold so far" : ", so far \(broken.joined(separator: ", "))"
  }
}
