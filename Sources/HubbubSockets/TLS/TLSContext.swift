import COpenSSL
import Glibc

/// The rules by which many sessions encrypt: 1.2 at least, forward secrecy and authenticated
/// ciphers only, neither compression nor renegotiation. Any thread.
///
/// A server that is to show another certificate makes another context, and uses it for what comes
/// from now on; sessions keep the one they began with.
// @unchecked: nothing in the `SSL_CTX` is changed after `init`; OpenSSL guards its own count of
// references.
public final class TLSContext: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Whom to believe, as a client; nil for a server.
  let trust: TLSTrust?

  /// The fingerprint of the certificate that it shows; nil for a client that shows none.
  public let fingerprint: Fingerprint?

  /// Why others may refuse that certificate, though it is in order.
  public let warning: String?

  /// The hosts that it is for.
  public let names: [String]

  /// Whether nobody vouches for it but itself.
  public let isSelfSigned: Bool

  /// For a server, which shows this certificate. Clients are asked for theirs and need not have
  /// one; who has is known by its fingerprint alone: authorities are not asked.
  ///
  /// - Parameter isForWeb: whether browsers come: they are asked for no certificate, since they
  ///   would ask whoever sits before them, and spoken to in HTTP/1.1 (ALPN, RFC 7301).
  /// - Throws: `TLSError`.
  public init(server identity: TLSIdentity, isForWeb: Bool = false) throws(TLSError) {
    pointer = try Self.make(TLS_server_method())
    trust = nil
    fingerprint = identity.fingerprint
    warning = identity.warning
    names = identity.names
    isSelfSigned = identity.isSelfSigned
    // From here on all is set, and `deinit` frees what there is even if this throws.
    try show(identity)
    if isForWeb {
      copenssl_speak_http(pointer)
    } else {
      SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
      SSL_CTX_set_cert_verify_callback(pointer, { _, _ in 1 }, nil)
    }
    // A resumed session keeps the client's certificate, and must name whose session it is.
    SSL_CTX_set_session_id_context(pointer, Array("hubbub".utf8), 6)
    SSL_CTX_set_num_tickets(pointer, 1)
    SSL_CTX_set_options(pointer, copenssl_server_options)
    // Thousands of connections are silent for most of their time, and need no buffers then.
    copenssl_add_mode(pointer, Int(SSL_MODE_RELEASE_BUFFERS))
  }

  /// For a client.
  ///
  /// - Parameters:
  ///   - trust: whom to believe.
  ///   - identity: the certificate to show where the server asks for one.
  /// - Throws: `TLSError`.
  public init(client trust: TLSTrust, identity: TLSIdentity? = nil) throws(TLSError) {
    pointer = try Self.make(TLS_client_method())
    self.trust = trust
    fingerprint = identity?.fingerprint
    warning = identity?.warning
    names = identity?.names ?? []
    isSelfSigned = identity?.isSelfSigned ?? false
    if let identity { try show(identity) }
    // The chain is checked all the same; `TLSSession` looks at the result after the handshake,
    // before anything is sent, and can tell more then.
    SSL_CTX_set_verify(pointer, SSL_VERIFY_NONE, nil)
    switch trust {
    case .systemAuthorities: SSL_CTX_set_default_verify_paths(pointer)
    case .authorities(let file): try load(authorities: file)
    case .pin: break
    }
  }

  deinit { SSL_CTX_free(pointer) }

  private static func make(_ method: OpaquePointer?) throws(TLSError) -> OpaquePointer {
    // Without a cleaning at exit: threads that the process ends with may be in the middle of a
    // handshake.
    OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    ERR_clear_error()
    guard let pointer = SSL_CTX_new(method) else { throw .failed(reason: OpenSSLReason.take()) }
    // Who ends without saying so cuts nothing off but a line without its end, which counts for
    // nothing.
    SSL_CTX_set_options(pointer, copenssl_common_options)
    copenssl_add_mode(
      pointer, Int(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
    copenssl_read_ahead(pointer)
    copenssl_switch_session_cache_off(pointer)
    guard copenssl_set_minimum_version(pointer) == 1,
      SSL_CTX_set_cipher_list(pointer, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1,
      copenssl_set_groups(pointer, "X25519:P-256:P-384") == 1
    else {
      defer { SSL_CTX_free(pointer) }
      throw .failed(reason: OpenSSLReason.take())
    }
    return pointer
  }

  private func show(_ identity: TLSIdentity) throws(TLSError) {
    let chain = TLSIdentity.chain(identity.certificates)
    defer { chain.forEach(X509_free) }
    guard let key = TLSIdentity.privateKey(identity.key) else { throw .noIdentity }
    defer { EVP_PKEY_free(key) }
    ERR_clear_error()
    guard SSL_CTX_use_certificate(pointer, chain.first) == 1,
      SSL_CTX_use_PrivateKey(pointer, key) == 1,
      chain.dropFirst().allSatisfy({ copenssl_add_chain_certificate(pointer, $0) == 1 })
    else { throw .keyOfAnother(reason: OpenSSLReason.take()) }
  }

  private func load(authorities file: String) throws(TLSError) {
    let authorities = TLSIdentity.chain(try PEMFile.read(file))
    defer { authorities.forEach(X509_free) }
    guard !authorities.isEmpty else { throw .noCertificate(file: file) }
    for authority in authorities {
      guard X509_STORE_add_cert(SSL_CTX_get_cert_store(pointer), authority) == 1 else {
        throw .failed(reason: OpenSSLReason.take())
      }
    }
  }
}
