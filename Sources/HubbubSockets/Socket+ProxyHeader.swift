import Glibc
import HubbubThreads

/// Why a connection by a proxy does not begin as it should.
public enum ProxyHeaderError: Error, Sendable, CustomStringConvertible {
  /// What came is none; the words say why.
  case malformed(String)

  /// It was not there in time.
  case late

  /// The connection ended before it was whole.
  case ended

  public var description: String {
    switch self {
    case .malformed(let words): "Not a PROXY header: \(words)"
    case .late: "The PROXY header came too late"
    case .ended: "Connection closed before the PROXY header"
    }
  }
}

extension Socket {
  /// Reads what a proxy says first of a connection, and not a byte behind it: there TLS may begin.
  ///
  /// - Parameter limit: how long to wait for all of it.
  /// - Returns: whose connection it is.
  public func receiveProxyHeader(
    within limit: Duration
  ) throws(ProxyHeaderError) -> ProxyHeader.Origin {
    let deadline = ContinuousClock.now + limit
    var header = ProxyHeader()
    while true {
      switch header.state {
      case .complete(let origin): return origin
      case .malformed(let words): throw .malformed(words)
      case .incomplete(let wanted):
        guard Readiness.wait(for: descriptor, Int32(POLLIN), limit: deadline - .now) else {
          throw .late
        }
        for byte in try receiveNow(atMost: wanted) {
          guard case .incomplete = header.state else { break }
          header.feed(byte)
        }
      }
    }
  }

  /// What has come of this many bytes; none where the socket was not ready after all.
  private func receiveNow(atMost count: Int) throws(ProxyHeaderError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { buffer.deallocate() }
    do throws(SystemError) {
      let received = try receiveNow(into: buffer)
      if received != 0 { return Array(buffer.prefix(received ?? 0)) }
    } catch {}
    throw .ended
  }
}
