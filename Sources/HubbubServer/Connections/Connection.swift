import Glibc
import HubbubLog
import HubbubRooms
import HubbubSockets
import HubbubThreads

/// A client's socket, as the rooms see it: a place to write to, encrypted or not.
// @unchecked: `isWatched` belongs to whoever holds the member's baton, `receiveLimit` to the
// client's own thread.
final class Connection: Outlet, @unchecked Sendable {
  private let stream: ByteStream
  private let id: MemberID
  private let writableWatcher: WritableWatcher
  private var isWatched = false

  /// How long the socket waits for bytes.
  private var receiveLimit: Duration?

  /// - Parameter tls: what to encrypt with; nil for plain text.
  /// - Throws: `TLSError` when there is no memory for it.
  init(_ socket: Socket, tls: TLSContext?, id: MemberID, writableWatcher: WritableWatcher)
    throws(TLSError)
  {
    let session: TLSSession? = if let tls { try TLSSession(accepting: socket, tls) } else { nil }
    stream = ByteStream(socket, session: session)
    self.id = id
    self.writableWatcher = writableWatcher
  }

  /// A connection on which another protocol was spoken first, its handshake included.
  init(_ stream: ByteStream, id: MemberID, writableWatcher: WritableWatcher) {
    self.stream = stream
    self.id = id
    self.writableWatcher = writableWatcher
  }

  // MARK: The client's own thread

  var isSecure: Bool { stream.session != nil }

  /// Reads what a proxy says first. Before the handshake, when nobody else reads.
  ///
  /// - Returns: whose connection it is.
  func receiveProxyHeader(
    within limit: Duration
  ) throws(ProxyHeaderError) -> ProxyHeader.Origin {
    try stream.socket.receiveProxyHeader(within: limit)
  }

  /// Shakes hands, where the connection is encrypted, and waits for the client to do its part;
  /// until then the outlet takes nothing. Afterwards `spaceIsFree()` must be called.
  ///
  /// - Returns: the fingerprint of the client's certificate, where it showed one.
  /// - Throws: `TLSError`, also when the connection was ended meanwhile.
  func secure() throws(TLSError) -> Fingerprint? {
    guard let session = stream.session else { return nil }
    // Without a limit of its own: the clock ends whoever has not registered in time.
    try session.handshake()
    TLSSession.trimThread()
    return session.peerFingerprint
  }

  /// Waits for bytes and reads what is there.
  ///
  /// - Parameter limit: how long to wait; nil: as long as it takes.
  /// - Returns: how many bytes came; 0 at the end; nil where none have come and the limit has
  ///   passed.
  func receive(
    into buffer: UnsafeMutableRawBufferPointer, within limit: Duration?
  ) throws(SystemError) -> Int? {
    if limit != receiveLimit, !isSecure { stream.socket.limitReceiving(to: limit) }
    receiveLimit = limit
    return try stream.receive(into: buffer, within: limit)
  }

  /// Says something to a client that does not encrypt where it should. Before the handshake, when
  /// nobody else can write.
  func tellInPlainText(_ line: [UInt8]) { stream.socket.sayAtOnce(line) }

  /// After the baton was retired: nobody writes any more.
  ///
  /// - Parameter linger: how long the client may still read its last lines; nil where there are
  ///   none.
  func close(linger: Duration?) {
    stream.session?.sayGoodbye()
    if let linger { stream.socket.drainAfterEnd(limit: linger) }
    writableWatcher.forget(id)
    stream.socket.close()
  }

  // MARK: The holder of the baton

  func write(_ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>) -> Int {
    guard isOpen else { return 0 }
    return withUnsafeTemporaryAllocation(of: iovec.self, capacity: spans.count) { vectors in
      var offered = 0
      for (index, span) in spans.enumerated() {
        vectors[index] = iovec(
          iov_base: UnsafeMutableRawPointer(mutating: span.baseAddress), iov_len: span.count)
        offered += span.count
      }
      do { return try stream.sendNow(UnsafeBufferPointer(vectors)) } catch {
        // A connection that is gone takes everything; its owner's read says so, and ends the
        // session. One that only seems so is ended: nothing may follow what was not sent.
        stream.shutDown()
        return offered
      }
    }
  }

  var joinsGroups: Bool { !isSecure }

  func add(
    _ spans: UnsafeBufferPointer<UnsafeRawBufferPointer>, to group: any WriteGroup
  ) -> Bool {
    guard let group = group as? SocketGroup else { return false }
    return group.add(spans, to: stream.socket.descriptor)
  }

  /// During the handshake there is nothing to wait for here, since the client's thread says when it
  /// is over:
  ///
  ///     holder of the baton            the client's thread
  ///     write: not open, takes 0
  ///                                    the handshake is over: open
  ///                                    spaceIsFree(): the mark is cleared
  ///     marks the member as blocked
  ///     awaitSpace: open by now, so the writable watcher calls spaceIsFree() again
  ///
  /// Had it not been open yet, the mark would have been set before `spaceIsFree()`.
  func awaitSpace(for outbox: Outbox) {
    guard isOpen else { return }
    writableWatcher.awaitSpace(stream.socket.descriptor, id: id, isKnown: isWatched, outbox)
    isWatched = true
  }

  func shutDown() { stream.shutDown() }

  /// Whether something can be written.
  private var isOpen: Bool { stream.session?.isEstablished ?? true }

  // MARK: Any thread

  func deliverLater(_ news: any Undelivered) { writableWatcher.deliverLater(news) }

  /// Has the system ask after so much silence whether the peer is there, and end the connection if
  /// not.
  func keepAlive(after silence: Duration, reply: Duration) {
    stream.socket.keepAlive(after: silence, reply: reply)
  }

  /// Waits for `limit`, or until the connection is ended. The client's own thread.
  ///
  /// - Parameter orSilence: whether it is enough that the peer will send nothing more, as when it
  ///   closed.
  /// - Returns: whether it is.
  func waitForEnd(limit: Duration, orSilence: Bool) -> Bool {
    // Nothing else is asked for, so that only the end of the connection is an event.
    Readiness.wait(for: stream.socket.descriptor, orSilence ? Readiness.silence : 0, limit: limit)
  }

  /// Waits until the connection can take something, for `limit` at the most. The client's own
  /// thread.
  ///
  /// - Returns: whether it can.
  func waitForSpace(limit: Duration) -> Bool {
    Readiness.wait(for: stream.socket.descriptor, POLLOUT, limit: limit)
  }
}
