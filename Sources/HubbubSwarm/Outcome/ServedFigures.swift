/// How one recipient or one sender was served, by the messages that were looked at.
public struct ServedFigures: Sendable, Equatable, Codable {
  public var nickname: String

  /// In microseconds from when the server could have the message.
  public var p50 = 0.0
  public var p99 = 0.0

  /// Where the median lies with a confidence of 95 percent.
  public var least = 0.0
  public var greatest = 0.0

  /// 0: it heard, or said, nothing that was looked at.
  public var messages = 0
}
