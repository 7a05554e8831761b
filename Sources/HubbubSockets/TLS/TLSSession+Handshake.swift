import COpenSSL
import Glibc
import HubbubThreads

extension TLSSession {
  /// Shakes hands, and waits for the peer to do its part.
  ///
  /// - Parameter limit: how long in all; nil waits until the connection ends, by whomever.
  /// - Throws: `TLSError`. Nothing may be sent then, and the connection must be closed.
  public func handshake(limit: Duration? = nil) throws(TLSError) {
    let deadline = limit.map { ContinuousClock.now + $0 }
    while let events = try advance() {
      guard events != 0 else { continue }
      guard
        Readiness.wait(for: socket.descriptor, events, limit: deadline.map { $0 - .now })
      else { throw .timedOut }
    }
  }

  /// Goes on with the handshake as far as it goes without waiting.
  ///
  /// - Returns: what the socket must be ready for before it goes on (0: nothing); nil when it is
  ///   over, and the peer is whom we believe.
  /// - Throws: `TLSError`.
  public func advance() throws(TLSError) -> Int32? {
    if let events = try lookForPlainText() { return events }
    switch step({ SSL_do_handshake($0.session) }) {
    case .done:
      try accept()
      state.withLock { copenssl_count_messages($0.session, $0.transport) }
      // The last of what we have to say may wait for room.
      guard try flush() else { return POLLOUT }
      established.store(true, ordering: .sequentiallyConsistent)
      return nil
    case .again(let events):
      return try flush() ? events : POLLOUT
    case .ended: throw .ended
    case .broken(let code):
      guard code != ECONNRESET, code != EPIPE else { throw .ended }
      throw .failed(reason: SystemError(call: "recv", errno: code).reason)
    case .failed(let reason): throw Self.error(reason)
    }
  }

  /// Sends what is left of what we have to say.
  ///
  /// - Returns: whether nothing is left.
  private func flush() throws(TLSError) -> Bool {
    do {
      return try state.withLock { state throws(SystemError) in try state.flush() }
    } catch {
      throw .ended
    }
  }

  /// Looks at the first byte that a client sends: a handshake begins with 0x16, and no line of text
  /// does.
  private func lookForPlainText() throws(TLSError) -> Int32? {
    guard host == nil, !state.withLock({ $0.hasSeenBeginning }) else { return nil }
    var first: UInt8 = 0
    let count = recv(socket.descriptor, &first, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
    // The end and every failure are for the handshake to see.
    if count < 0, errno == EAGAIN { return POLLIN }
    if count == 1, first != 0x16 { throw .plainText }
    state.withLock { $0.hasSeenBeginning = true }
    return nil
  }

  /// Notes who the peer is, and whether it is whom we mean.
  private func accept() throws(TLSError) {
    let refusal = state.withLock { state -> TLSError? in
      let certificate = SSL_get1_peer_certificate(state.session)
      defer { X509_free(certificate) }
      state.peerFingerprint = certificate.map(Fingerprint.init(of:))
      guard let trust = context.trust else { return nil }
      let result = SSL_get_verify_result(state.session)
      let refusal = PeerCheck(host: host ?? "", certificate: certificate, result: result)
        .refusal(trusting: trust)
      if refusal != nil { state.isBroken = true }
      return refusal
    }
    if let refusal { throw refusal }
  }

  /// Tells OpenSSL, and the server, which host is meant.
  static func name(_ host: String, on session: OpaquePointer) {
    // A zone (`fe80::1%eth0`) is this machine's affair.
    let host = String(host.prefix { $0 != "%" })
    if TLSIdentity.isAddress(host) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host)
    } else {
      SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
      SSL_set1_host(session, host)
      copenssl_set_server_name(session, host)
    }
  }

  private static func error(_ reason: UInt) -> TLSError {
    if copenssl_error_library(reason) == ERR_LIB_SSL {
      switch copenssl_error_reason(reason) {
      case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_PACKET_LENGTH_TOO_LONG:
        return .plainText
      case SSL_R_UNEXPECTED_EOF_WHILE_READING: return .ended
      default: break
      }
    }
    return .failed(reason: OpenSSLReason.words(reason))
  }

  /// Gives back what this thread needed for a handshake and will not need again: OpenSSL's sources
  /// of chance, and the depth of the stack. For threads that live as long as a connection.
  public static func trimThread() {
    OPENSSL_thread_stop()
    copenssl_trim_stack()
  }
}
