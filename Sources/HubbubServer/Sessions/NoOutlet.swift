import HubbubLog

/// Takes everything and keeps nothing: whoever reads nothing is never behind.
final class NoOutlet: Outlet {
  private let writableWatcher: WritableWatcher

  init(_ writableWatcher: WritableWatcher) { self.writableWatcher = writableWatcher }

  func write(_ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int {
    spans.reduce(0) { $0 + $1.count }
  }

  /// It is never full.
  func awaitSpace(for outbox: Outbox) {}

  func deliverLater(_ news: any Undelivered) { writableWatcher.deliverLater(news) }

  func shutDown() {}
}
