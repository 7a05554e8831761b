/// What the state was like at certain revisions, so that nodes can see whether all of them have the
/// same. A value, of the thread that applies.
struct StateCheck {
  struct Digest: Sendable, Equatable {
    let revision: Int64
    let digest: UInt64
  }

  /// A state is looked at where its revision has passed a multiple of this; nil: never.
  private let interval: Int64?
  private var last: Int64
  private var digests: [Digest] = []

  /// So many are kept: what another node says is a moment old.
  private static let maxCount = 64

  init(every interval: Int64?, from revision: Int64 = 0) {
    (self.interval, last) = (interval, revision)
  }

  /// Whether the state at this revision is to be looked at: every node asks at the same ones.
  mutating func isDue(at revision: Int64) -> Bool {
    guard let interval else { return false }
    defer { last = revision }
    return revision / interval > last / interval
  }

  mutating func note(_ digest: UInt64, at revision: Int64) {
    if digests.count == Self.maxCount { digests.removeFirst() }
    digests.append(Digest(revision: revision, digest: digest))
  }

  var newest: Digest? { digests.last }

  func digest(at revision: Int64) -> UInt64? {
    digests.last { $0.revision == revision }?.digest
  }
}
