/// What somebody may read of a stream: the caller decides it, and nothing else is ever read.
public struct HistoryView: Sendable, Equatable {
  public let stream: StreamID

  /// The numbers, ascending and apart.
  public let ranges: [ClosedRange<UInt64>]

  /// Which of joins and the like are wanted too.
  public var events: Set<StoredEntry.Kind>

  /// Whether any of them are.
  var includesEvents: Bool { !events.isEmpty }

  /// The kinds as bits, for a query.
  var eventMask: Int64 { events.reduce(0) { $0 | 1 << $1.rawValue } }

  /// Every kind of event.
  public static let allEvents = Set(StoredEntry.Kind.allCases.filter { !$0.isSpeech })

  /// - Parameter ranges: in any order; they may overlap.
  public init(
    _ stream: StreamID, _ ranges: [ClosedRange<UInt64>] = [0...MessageKey.maxSequence],
    includesEvents: Bool = false
  ) {
    self.init(stream, ranges, events: includesEvents ? Self.allEvents : [])
  }

  /// - Parameter events: the kinds that are wanted beside what was said.
  public init(
    _ stream: StreamID, _ ranges: [ClosedRange<UInt64>], events: Set<StoredEntry.Kind>
  ) {
    self.stream = stream
    self.events = events
    var merged: [ClosedRange<UInt64>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      // No key has room for what is beyond.
      guard range.lowerBound <= MessageKey.maxSequence else { continue }
      let range = range.clamped(to: 0...MessageKey.maxSequence)
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    self.ranges = merged
  }

  /// The keys of the ranges, cut to `bounds`; ascending.
  func keys(within bounds: ClosedRange<Int64>) -> [ClosedRange<Int64>] {
    ranges.compactMap { range in
      let low = max(MessageKey(stream, range.lowerBound).rawValue, bounds.lowerBound)
      let high = min(MessageKey(stream, range.upperBound).rawValue, bounds.upperBound)
      return low <= high ? low...high : nil
    }
  }

  /// Whether a number may be read.
  public func contains(_ key: MessageKey) -> Bool {
    key.stream == stream && ranges.contains { $0.contains(key.sequence) }
  }
}
