/// One who lost its connection and went on at another node (M10).
public struct MoveFigures: Sendable, Codable, Equatable {
  public var nickname: String

  /// The addresses of the nodes.
  public var from: String
  public var to: String

  /// Seconds since the beginning of the schedule when the connection was gone; from then on how
  /// long it took until it was in its room again; and how long it heard nothing.
  public var second: Double
  public var awaySeconds: Double
  public var silenceSeconds: Double

  /// Whether it came back under another name, since its own was still held.
  public var isRenamed: Bool

  /// Whether others stayed connected to its node: then that did not die, and it was thrown out.
  public var isDropped: Bool
}
