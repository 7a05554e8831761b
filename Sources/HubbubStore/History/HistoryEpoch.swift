/// From which number on the ids of a stream begin with which name.
public struct HistoryEpoch: Sendable, Equatable {
  public let first: UInt64
  public let name: String
}
