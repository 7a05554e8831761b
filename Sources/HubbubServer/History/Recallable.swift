import HubbubStore

/// Something that was said in one place, as whoever asks for it knows it.
protocol Recallable {
  var stream: StreamID { get }

  /// By what devices know how far they have read it: the same at all nodes of a network.
  var placeName: String { get }

  /// The last number that was given before the life that it has now, or of all where it has none.
  var lastBefore: UInt64 { get }

  /// Whether an entry has had this number.
  func hasGiven(_ sequence: UInt64) -> Bool

  /// What somebody may read.
  ///
  /// - Parameter presence: the numbers of what was said since it is here, up to the question.
  func view(of presence: ClosedRange<UInt64>, kinds: Set<StoredEntry.Kind>) -> HistoryView
}

extension RememberedRoom: Recallable {
  var lastBefore: UInt64 { first - 1 }
}

/// A private talk in which nobody has spoken lately.
struct StoredTalk: Recallable {
  let stream: StreamID
  let placeName: String

  /// The next number that it gives.
  let next: UInt64

  var lastBefore: UInt64 { next - 1 }

  func hasGiven(_ sequence: UInt64) -> Bool { sequence < next }

  func view(of presence: ClosedRange<UInt64>, kinds: Set<StoredEntry.Kind>) -> HistoryView {
    HistoryView(stream, [presence], events: kinds)
  }
}
