import COpenSSL
import Glibc
import HubbubThreads
import Synchronization

/// TLS over one connected socket, which nobody else reads or writes.
///
/// One thread reads and one at a time writes; both may do so at once. Nothing here waits for the
/// peer, but for `handshake`; the descriptor may be blocking or not.
///
/// An `SSL` must not be used by two threads at the same time, so a lock is around each of its
/// calls. It is a leaf, and although there are system calls under it, nobody waits long for it:
/// `send` and `recv` return at once whatever the peer does, a call reads a few times at most from
/// the socket, and what is left is the encryption of one record (16 KiB, some microseconds) or a
/// handshake's arithmetic, during which nobody writes. It is one connection's own: whoever waits
/// wants to use that very connection.
public final class TLSSession: Sendable {
  /// Guards the `SSL` and all that hangs on it. Nothing else is locked under it.
  let state: Monitor<State>

  let context: TLSContext
  let socket: Socket

  /// Whom a client means; nil for a server.
  let host: String?

  /// Whether the handshake is over and the peer accepted. Stored with release after all that a
  /// handshake does, and sequentially consistent: who finds it false before it waits is woken by
  /// who made it true.
  let established = Atomic<Bool>(false)

  /// How many records a writer has wanted to send, and how many of them it has had the lock for: a
  /// reader lets it in first, or it would take the lock again before the writer is awake, for as
  /// long as its peer sends. Relaxed: the first is a hint, the second changes under the lock.
  let wantedRecords = Atomic<UInt64>(0)
  let sentRecords = Atomic<UInt64>(0)

  /// Frees an `SSL` with the last reference. By itself and not in `TLSSession.deinit`, which would
  /// have to lock: the last reference may go while its owner holds a lock of its own.
  final class Handle {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { SSL_free(pointer) }
  }

  struct State {
    let handle: Handle
    var session: OpaquePointer { handle.pointer }
    let transport: OpaquePointer

    /// Whether TLS itself failed: then nothing more can be said over it, not even goodbye.
    var isBroken = false

    /// Bytes of the last record that are encrypted and not all with the system: they count as taken
    /// when they are.
    var sealedBytes = 0
    var peerFingerprint: Fingerprint?

    /// What the peer has sent that was no data, after the handshake.
    var idleMessages = IdleMessages()

    /// Whether a server has seen that its client begins as TLS does.
    var hasSeenBeginning = false
  }

  /// The largest piece that one record holds.
  static let recordBytes = 16 * 1024

  /// The server's side of a connection that was accepted.
  ///
  /// - Throws: `TLSError` when there is no memory.
  public convenience init(accepting socket: Socket, _ context: TLSContext) throws(TLSError) {
    try self.init(socket, context, host: nil)
    state.withLock { SSL_set_accept_state($0.session) }
  }

  /// The client's side of a connection to `host`.
  ///
  /// - Throws: `TLSError` when there is no memory.
  public convenience init(
    connecting socket: Socket, to host: String, _ context: TLSContext
  ) throws(TLSError) {
    try self.init(socket, context, host: host)
    state.withLock { state in
      SSL_set_connect_state(state.session)
      Self.name(host, on: state.session)
    }
  }

  private init(_ socket: Socket, _ context: TLSContext, host: String?) throws(TLSError) {
    self.socket = socket
    self.context = context
    self.host = host
    ERR_clear_error()
    guard let session = SSL_new(context.pointer) else {
      throw .failed(reason: OpenSSLReason.take())
    }
    guard let transport = copenssl_transport(socket.descriptor) else {
      SSL_free(session)
      throw .failed(reason: "there is no memory for it")
    }
    SSL_set_bio(session, transport, transport)
    state = Monitor(State(handle: Handle(session), transport: transport))
  }

  /// Whether the handshake is over, so that bytes can be sent and read. Any thread.
  public var isEstablished: Bool { established.load(ordering: .sequentiallyConsistent) }

  /// The fingerprint of the peer's certificate, which is known to be the peer's own; nil where it
  /// showed none, and before the end of the handshake. Any thread.
  public var peerFingerprint: Fingerprint? { state.withLock { $0.peerFingerprint } }

  /// Version and cipher: "TLSv1.3, TLS_AES_256_GCM_SHA384". Any thread.
  public var protocolDescription: String {
    state.withLock { state in
      let version = String(cString: SSL_get_version(state.session))
      let cipher = SSL_CIPHER_get_name(SSL_get_current_cipher(state.session))
      return "\(version), \(cipher.map { String(cString: $0) } ?? "no cipher")"
    }
  }

  // MARK: One call

  /// What came of one call.
  enum Step: Equatable {
    case done
    case ended

    /// Again as soon as the socket is ready for `events`; 0: at once.
    case again(events: Int32)

    /// The connection failed, as the system says.
    case broken(errno: Int32)

    /// TLS failed; `reason` is OpenSSL's number.
    case failed(reason: UInt)
  }

  /// Makes one call under the lock, and finds out what it means. What earlier calls left is sent
  /// before, if it can be.
  func step(_ call: (inout State) -> Int32) -> Step {
    state.withLock { state in
      guard !state.isBroken else { return .broken(errno: EPIPE) }
      // Where nothing can be sent any more, what came before can still be read.
      copenssl_flush(state.transport)
      return state.step(call)
    }
  }

  // MARK: Reading and writing

  /// What a reader that does not wait gets.
  public enum Reading: Equatable, Sendable {
    case bytes(Int)
    case end

    /// Nothing yet; again when the socket is readable, or at once.
    case nothing(isDrained: Bool)
  }

  /// Reads what is there of one record. After the handshake; one thread at a time; never waits for
  /// the peer.
  ///
  /// - Throws: `SystemError`, with EPROTO where the peer does not keep to TLS, or sends much that
  ///   is no data.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Reading {
    var count = 0
    var isTooIdle = false
    letWriterIn()
    let step = step { state in
      let result = SSL_read_ex(state.session, buffer.baseAddress, buffer.count, &count)
      isTooIdle = state.isTooIdle(hasData: result > 0)
      return result
    }
    switch step {
    case .done: return .bytes(count)
    case .ended: return .end
    case .again where isTooIdle: throw SystemError(call: "recv", errno: EPROTO)
    case .again(let events): return .nothing(isDrained: events != 0)
    case .broken(let code): throw SystemError(call: "recv", errno: code)
    case .failed: throw SystemError(call: "recv", errno: EPROTO)
    }
  }

  /// Waits for a writer's record, if one is waiting to be sent; for no more than one.
  ///
  /// - Parameter limit: what a reader loses at the most where the writer does not get there.
  func letWriterIn(upTo limit: Duration = .milliseconds(1)) {
    let wanted = wantedRecords.load(ordering: .relaxed)
    guard sentRecords.load(ordering: .relaxed) < wanted else { return }
    _ = state.wait(upTo: limit) { _ in
      sentRecords.load(ordering: .relaxed) < wanted ? nil : true
    }
  }

  /// Whether something was taken from the socket that no `read` has returned yet: `poll` does not
  /// know of it.
  public var hasPending: Bool { state.withLock { SSL_has_pending($0.session) == 1 } }

  /// Encrypts and hands over as much as the socket takes at once, in as few records as possible.
  /// After the handshake; one thread at a time; never waits.
  ///
  /// What was not taken must be offered again in the same order, with more behind it or not: the
  /// beginning of it may be encrypted already.
  /// - Returns: how many bytes were taken.
  /// - Throws: `SystemError` when the connection is gone.
  public func sendNow(_ spans: UnsafeBufferPointer<iovec>) throws(SystemError) -> Int {
    var pieces = RecordPieces(spans)
    while pieces.hasMore {
      // A lock for each record, so that a reader gets its turn in between.
      guard try sendRecord(&pieces) else { break }
    }
    return pieces.takenBytes
  }

  /// Sends one record, after what is left of the last one.
  ///
  /// - Returns: whether the socket took all of it.
  private func sendRecord(_ pieces: inout RecordPieces) throws(SystemError) -> Bool {
    wantedRecords.add(1, ordering: .relaxed)
    defer { state.wakeAll() }
    return try state.withLock { state throws(SystemError) in
      defer { sentRecords.add(1, ordering: .relaxed) }
      guard !state.isBroken else { throw SystemError(call: "send", errno: EPIPE) }
      guard try state.flush() else { return false }
      pieces.take(state.takeSealed())
      guard pieces.hasMore else { return true }
      let step = pieces.withNext { piece in
        state.step { SSL_write_ex($0.session, piece.baseAddress, piece.count, &$0.sealedBytes) }
      }
      switch step {
      case .done: break
      case .broken(let code): throw SystemError(call: "send", errno: code)
      // To write, nothing needs to be read: there is no renegotiation.
      case .ended, .again, .failed: throw SystemError(call: "send", errno: EPROTO)
      }
      guard try state.flush() else { return false }
      pieces.take(state.takeSealed())
      return true
    }
  }

  /// Tells the peer that nothing more comes (`close_notify`), if the socket takes it at once. Any
  /// thread; the descriptor must be open.
  public func sayGoodbye() {
    guard isEstablished else { return }
    _ = step { SSL_shutdown($0.session) }
  }

  /// Has both sides use new keys from the next record on. For 1.3 alone; elsewhere nothing happens.
  /// Whoever writes.
  func updateKeys() {
    _ = step { SSL_key_update($0.session, SSL_KEY_UPDATE_REQUESTED) }
  }

  /// The same at once, with no data behind it. For tests.
  ///
  /// - Returns: false when the connection has ended.
  func sendNewKeys() -> Bool {
    updateKeys()
    switch step({ SSL_do_handshake($0.session) }) {
    case .done, .again: return true
    default: return false
    }
  }
}
