import Glibc
import HubbubThreads

/// A protocol that wraps a connection's bytes, between the stream below and whoever reads and
/// writes through a `ByteStream`.
///
/// One thread reads and one at a time writes, and both may do so at once, as with the stream.
public protocol ByteLayer: AnyObject, Sendable {
  /// As `ByteStream.receive(into:within:)`.
  func receive(
    into buffer: UnsafeMutableRawBufferPointer, within limit: Duration?
  ) throws(SystemError) -> Int?

  /// As `ByteStream.receiveNow(into:)`.
  func receiveNow(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int?

  /// As `ByteStream.hasPending`.
  var hasPending: Bool { get }

  /// As `ByteStream.sendNow(_:)`.
  func sendNow(_ spans: UnsafeBufferPointer<iovec>) throws(SystemError) -> Int

  /// Says that the connection ends, where that is possible at once.
  func sayGoodbye()
}
