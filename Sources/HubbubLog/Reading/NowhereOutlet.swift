/// The outlet for people who read elsewhere: nothing is ever written to it.
final class NowhereOutlet: Outlet {
  func write(_ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int {
    spans.reduce(0) { $0 + $1.count }
  }

  func awaitSpace(for outbox: Outbox) {}

  func deliverLater(_ news: any Undelivered) {}

  func shutDown() {}
}
