import COpenSSL
import Glibc
import HubbubThreads

/// What happens under the session's lock.
extension TLSSession.State {
  /// How often one call may read from the socket: enough for a record, and little enough that a
  /// peer that sends and sends holds nobody up.
  private static let readsPerCall: Int32 = 4

  /// Makes one call, and finds out what it means.
  mutating func step(_ call: (inout Self) -> Int32) -> TLSSession.Step {
    ERR_clear_error()
    errno = 0
    copenssl_allow_reads(transport, Self.readsPerCall)
    let result = call(&self)
    // Before anything else can change it.
    let code = errno
    if result > 0 { return .done }
    switch SSL_get_error(session, result) {
    case SSL_ERROR_WANT_READ: return .again(events: copenssl_is_drained(transport) ? POLLIN : 0)
    case SSL_ERROR_ZERO_RETURN: return .ended
    case SSL_ERROR_SYSCALL:
      isBroken = true
      return code == 0 ? .ended : .broken(errno: code)
    default:
      isBroken = true
      let reason = ERR_get_error()
      ERR_clear_error()
      return .failed(reason: reason)
    }
  }

  /// Whether the peer sends too much that is no data. After each read, which may set `errno`: this
  /// does not.
  mutating func isTooIdle(hasData: Bool) -> Bool {
    let messages = Int(copenssl_take_messages(transport))
    if hasData { idleMessages.reset() }
    return messages > 0 && !hasData && idleMessages.count(messages, now: .now)
  }

  /// Sends what earlier calls left.
  ///
  /// - Returns: whether nothing is left.
  mutating func flush() throws(SystemError) -> Bool {
    let result = copenssl_flush(transport)
    guard result >= 0 else {
      let code = errno
      throw SystemError(call: "send", errno: code)
    }
    return result == 1
  }

  /// The bytes of the last record, which is all with the system now.
  mutating func takeSealed() -> Int {
    defer { sealedBytes = 0 }
    return sealedBytes
  }
}
