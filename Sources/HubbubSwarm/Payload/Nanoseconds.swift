/// A time or a span in nanoseconds; times count from the start of the run.
///
/// Kept as a plain integer, since a run holds tens of millions of them and a `Duration` takes twice
/// the room; whoever meets people turns it into words.
public typealias Nanoseconds = Int64

extension Nanoseconds {
  static let perMicrosecond: Nanoseconds = 1_000
  static let perSecond: Nanoseconds = 1_000_000_000

  /// The span in whole nanoseconds.
  init(_ duration: Duration) {
    let parts = duration.components
    self = parts.seconds * Self.perSecond + parts.attoseconds / 1_000_000_000
  }

  /// The same in seconds.
  var seconds: Double { Double(self) / 1e9 }
}
