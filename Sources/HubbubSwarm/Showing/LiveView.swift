/// The run on a terminal, redrawn in place: progress, and a row for each bot.
public struct LiveView: RunView {
  /// The time between two drawings, in seconds.
  static let interval = 0.25

  private var canvas = Canvas()
  private var last = -1.0

  public init() {}

  public mutating func show(_ progress: Progress) {
    let time = RunClock.system.seconds
    guard time - last >= Self.interval else { return }
    last = time
    let (columns, rows) = Canvas.size
    canvas.draw(LivePage(progress, columns: columns, rows: rows).lines)
  }

  public mutating func clear() { canvas.draw([]) }
}
