/// A stream in which there is something to read, with the time of the newest, in milliseconds since
/// 1970.
public struct HistoryTarget: Sendable, Equatable {
  public let stream: StreamID
  public let time: Int64
}
