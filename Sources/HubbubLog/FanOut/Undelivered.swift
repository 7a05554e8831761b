/// Something that has news for its readers. Any thread may deliver it.
public protocol Undelivered: AnyObject, Sendable {
  /// Delivers what there is, as far as it goes now; waits for nobody. Under no lock.
  func deliver()
}
