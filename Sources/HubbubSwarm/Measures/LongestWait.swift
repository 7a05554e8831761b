/// Finds the longest time in which something was outstanding and nothing was delivered (M8).
///
/// A gap counts from the last delivery, or from the time at which the next message was sent if that
/// was later: the silence of one who said nothing is no starvation.
public struct LongestWait: Sendable {
  public private(set) var wait: Starvation.Wait?
  private var last = Nanoseconds.min

  public init() {}

  /// Notes a delivery; they come in the order of arrival.
  @inline(__always)
  public mutating func note(sent: Nanoseconds, arrived: Nanoseconds) {
    let start = max(last, sent)
    let length = max(arrived - start, 0)
    if length > wait?.length ?? -1 { wait = Starvation.Wait(length: length, start: start) }
    last = arrived
  }
}
