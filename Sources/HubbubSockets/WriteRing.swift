import CURing
import Glibc
import HubbubThreads

/// Hands the system the writes to many sockets in one call (io_uring). Belongs to one thread at a
/// time.
///
/// The sends are non-blocking and are done when the call returns: nothing is left under way.
public final class WriteRing {
  /// How many writes one call takes.
  public static let capacity = 256

  private let ring: OpaquePointer

  /// What each write offers, and to which socket.
  private var offered: [Int] = []
  private var descriptors: [Int32] = []

  /// Whether the system has failed it: it takes nothing any more.
  private var isBroken = false

  /// The spans of all writes, which must stay in place until they are submitted.
  private let spans: UnsafeMutablePointer<iovec>
  private var spanCount = 0

  /// Most writes are one span or a few; one that has more than are left must be written by itself.
  private static let spanCapacity = 4096

  private let results: UnsafeMutablePointer<Int32>

  /// - Throws: `SystemError` where the system has no rings, or does not allow them here.
  public init() throws(SystemError) {
    guard let ring = curing_open(UInt32(Self.capacity)) else {
      throw SystemError(call: "io_uring_setup", errno: errno)
    }
    self.ring = ring
    spans = .allocate(capacity: Self.spanCapacity)
    results = .allocate(capacity: Self.capacity)
    offered.reserveCapacity(Self.capacity)
    descriptors.reserveCapacity(Self.capacity)
  }

  deinit {
    curing_close(ring)
    spans.deallocate()
    results.deallocate()
  }

  /// Adds a write, whose bytes must stay in place until `submit` has returned.
  ///
  /// - Returns: false where there is no room for it; then nothing was added.
  public func add(
    _ parts: UnsafeBufferPointer<UnsafeRawBufferPointer>, to descriptor: Int32
  ) -> Bool {
    guard !isBroken, offered.count < Self.capacity, spanCount + parts.count <= Self.spanCapacity
    else {
      return false
    }
    var bytes = 0
    for (index, part) in parts.enumerated() {
      spans[spanCount + index] = iovec(
        iov_base: UnsafeMutableRawPointer(mutating: part.baseAddress), iov_len: part.count)
      bytes += part.count
    }
    guard curing_add(ring, descriptor, spans + spanCount, parts.count) == 0 else { return false }
    spanCount += parts.count
    offered.append(bytes)
    descriptors.append(descriptor)
    return true
  }

  /// Carries out what was added.
  ///
  /// - Parameter settle: is told how many bytes each write has taken, in the order of adding: all
  ///   of them where the connection is gone, which its owner's read finds out.
  public func submit(_ settle: (_ index: Int, _ taken: Int) -> Void) {
    if curing_submit(ring, results) != 0 { breakDown() }
    spanCount = 0
    for index in offered.indices {
      let taken = Self.taken(results[index], of: offered[index])
      // Gone, or as good as gone: nothing may follow what was not sent.
      if results[index] < 0, taken > 0 { shutdown(descriptors[index], Int32(SHUT_RDWR)) }
      settle(index, taken)
    }
    offered.removeAll(keepingCapacity: true)
    descriptors.removeAll(keepingCapacity: true)
  }

  /// The system took writes and does not say what became of them: those connections are ended,
  /// since nobody knows where to go on, and nothing is added any more.
  private func breakDown() {
    isBroken = true
    for index in descriptors.indices where results[index] == -EINPROGRESS {
      shutdown(descriptors[index], Int32(SHUT_RDWR))
    }
  }

  private static func taken(_ result: Int32, of offered: Int) -> Int {
    if result >= 0 { return Int(result) }
    // ENOBUFS and ENOMEM pass, as for an ordinary write.
    let isFull = [EAGAIN, EINTR, ENOBUFS, ENOMEM].contains(-result)
    return isFull ? 0 : offered
  }
}
