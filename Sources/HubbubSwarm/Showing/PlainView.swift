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
    let end = progress.expected.map { " of \(Words.number($0, 0))" } ?? ""
    return "\(Words.number(progress.elapsed, 0))\(end) s: \(Words.short(Double(sent))) sent, "
      + "\(Words.short(Double(received))) of \(Words.short(Double(due))) arrived"
  }
}
