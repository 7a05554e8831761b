import HubbubLog
import HubbubRooms
import HubbubSockets
import HubbubThreads
import HubbubWeb
import IRCWire
import Logging
import Synchronization

/// One connection: whose it is, its socket, and the thread that reads it.
final class Client: Sendable {
  /// How the rooms know it.
  let memberSession: MemberSession

  /// Whose connection it is: a person's who was here before, from when it has shown that.
  var member: Member { memberSession.member }
  var id: MemberID { memberSession.id }
  var outbox: Outbox { memberSession.outbox }
  let hub: Hub
  let connection: Connection

  /// Whether a proxy passes it on, which says first where it comes from.
  private let isByProxy: Bool

  /// In what frames a browser reads and writes; nil for all others.
  let frames: WebFrames.Kind?

  /// What came behind a browser's request to begin.
  private let beginning: [UInt8]

  /// Where the client comes from: its connection, until a proxy or gateway says better.
  var address: String { memberSession.origin.peerAddress }

  /// When something last came, in milliseconds of the monotonic clock. Relaxed: for the clock
  /// thread.
  private let lastHeard: Atomic<Int64>

  /// Whether a PING of ours is unanswered. Relaxed: for the clock thread, which sets it.
  private let isPinged = Atomic<Bool>(false)

  /// Whether somebody waits for its nickname.
  let presence = Presence()

  /// Whether the registration is complete. Relaxed: for the clock thread.
  private let isRegistered = Atomic<Bool>(false)

  /// Whether it is silent, or a person with a bare terminal.
  let connectionKind: ConnectionKind

  let connectedAt: Int64

  /// - Parameters:
  ///   - tls: what to encrypt with; nil for plain text.
  ///   - isByProxy: whether a proxy's header comes first.
  /// - Throws: `TLSError` when there is no memory for it.
  convenience init(
    _ socket: Socket, tls: TLSContext?, byProxy isByProxy: Bool, id: MemberID, address: String,
    hub: Hub
  ) throws(TLSError) {
    let connection = try Connection(
      socket, tls: tls, id: id, writableWatcher: hub.writableWatcher)
    self.init(connection, byProxy: isByProxy, id: id, address: address, hub: hub)
  }

  /// - Parameters:
  ///   - frames: in what frames a browser reads, which has shaken hands; nil for all others.
  ///   - beginning: what has come already.
  init(
    _ connection: Connection, byProxy isByProxy: Bool = false, in frames: WebFrames.Kind? = nil,
    beginning: [UInt8] = [], id: MemberID, address: String, hub: Hub
  ) {
    self.hub = hub
    self.connection = connection
    self.isByProxy = isByProxy
    self.frames = frames
    self.beginning = beginning
    // A browser is not greeted: no person types there.
    connectionKind = ConnectionKind(hasBegun: !isByProxy && frames == nil)
    let outbox = Outbox(
      reader: id, clock: hub.registry.clock, outlet: connection,
      lagLimitBytes: hub.limits.sendLagBytes,
      framing: frames.map(Self.framing))
    let profile = Profile(host: hub.shownHost(of: address), address: address, signedOn: .now)
    memberSession = MemberSession(id: id, of: Member(id: id, profile: profile), outbox: outbox)
    connectedAt = Moment.now
    lastHeard = Atomic(connectedAt)
  }

  private static func framing(as kind: WebFrames.Kind) -> Outbox.Framing {
    { WebFrames.frames(lines: $0, as: kind) }
  }

  // MARK: The client's own thread

  /// The life of one client, on a thread of its own.
  func serve() {
    let session = Session(hub: hub, client: self)
    let failure = open()
    let places = session.leave(because: failure?.reason ?? read(session))
    outbox.retire()
    session.note(places)
    let hasLastLines = session.isEndedHere || failure?.isToldInPlainText == true
    connection.close(linger: hasLastLines ? hub.limits.linger : nil)
    hub.clients.dismiss(id)
  }

  /// Why a connection ends before it has begun.
  typealias Failure = (reason: String, isToldInPlainText: Bool)

  /// Does what comes before the first line.
  ///
  /// - Returns: why the connection ends already; nil when it is open.
  private func open() -> Failure? {
    if isByProxy, let failure = learnOrigin() { return failure }
    hub.logger.info(
      "connect",
      metadata: [
        "client": "\(id)", "from": "\(address)", "tls": "\(connection.isSecure)",
        "web": "\(frames != nil)",
      ])
    return frames == nil ? secure() : nil
  }

  /// Shakes hands, where the connection is encrypted.
  ///
  /// - Returns: why the connection ends already; nil when it is open.
  private func secure() -> Failure? {
    guard connection.isSecure else { return nil }
    do {
      let fingerprint = try connection.secure()
      member.updateProfile { profile in
        profile.isSecure = true
        profile.certificateFingerprint = fingerprint?.description
      }
      outbox.spaceIsFree()
      return nil
    } catch {
      if let ending = outbox.ending { return (ending.reason, false) }
      guard error == .plainText else { return ("\(error)", false) }
      let reason = "This port is for TLS, not for plain text"
      connection.tellInPlainText(Self.farewell(address, reason))
      return (reason, true)
    }
  }

  /// Reads until the end.
  ///
  /// - Returns: why the connection ended, if not by the client's QUIT.
  private func read(_ session: Session) -> String {
    var buffer = ReadBuffer()
    var intake = LineIntake(hub.limits, inFrames: frames != nil)
    if !beginning.isEmpty {
      var bytes = beginning
      let reason = bytes.withUnsafeMutableBytes { take($0, &intake, session) }
      if let reason { return reason }
    }
    while true {
      do {
        guard let count = try listen(into: &buffer), count > 0 else {
          return outbox.ending?.reason ?? Self.closedByItself
        }
        session.heardAt = recordActivity()
        session.noteWhatIsRead()
        let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<count])
        let reason = take(bytes, &intake, session)
        buffer.adapt(to: count)
        if let reason { return reason }
      } catch {
        return outbox.ending?.reason ?? error.reason
      }
    }
  }

  /// Carries out what came, and delivers what came of it.
  ///
  /// - Returns: why the connection ends with it; nil where it goes on.
  private func take(
    _ bytes: UnsafeMutableRawBufferPointer, _ intake: inout LineIntake, _ session: Session
  ) -> String? {
    var reason = intake.feed(bytes, to: session)
    session.deliverPending()
    waitForMemory()
    session.waitForHistory()
    if session.isClosed { return reason ?? session.refusal ?? "Quit" }
    if outbox.isEnding { return outbox.ending?.reason ?? "Ended" }
    if intake.discardedBytes > hub.limits.endlessLineBytes {
      reason = "A line without an end"
      session.refuse("A line without an end", .policy)
    }
    return reason
  }

  /// Why a connection ended that the client has closed.
  static let closedByItself = "Connection closed"

  /// Waits for bytes, of which the clock knows that they are waited for.
  private func listen(into buffer: inout ReadBuffer) throws(SystemError) -> Int? {
    presence.isListening = true
    defer { presence.isListening = false }
    return try receive(into: &buffer)
  }

  /// Waits for bytes. Of a thread whose client has been silent for a while, nothing is kept but
  /// what it waits with: thousands who say nothing cost little.
  private func receive(into buffer: inout ReadBuffer) throws(SystemError) -> Int? {
    if let count = try connection.receive(into: buffer.bytes, within: .seconds(1)) { return count }
    buffer.shrink()
    NamedThread.releaseUnusedStack()
    return try connection.receive(into: buffer.bytes, within: nil)
  }

  /// - Returns: when.
  @discardableResult
  func recordActivity() -> Int64 {
    let now = Moment.now
    lastHeard.store(now, ordering: .relaxed)
    isPinged.store(false, ordering: .relaxed)
    presence.answer()
    connectionKind.recordSpeech()
    return now
  }

  /// The session's registration is complete.
  ///
  /// - Parameter isFurther: whether it is a further connection of somebody who is counted already.
  func didRegister(isFurther: Bool) {
    isRegistered.store(true, ordering: .relaxed)
    hub.clients.countRegistration(isFurther: isFurther)
  }

  // MARK: The clock's thread

  /// Looks whether the client is late with something. The clock's thread, every second or so.
  func checkTime(now: Int64) {
    outbox.endIfLagging()
    if !isRegistered.load(ordering: .relaxed) {
      if Moment.passed(hub.limits.registration, since: connectedAt, now: now) {
        end("Registration timed out")
      }
      return
    }
    if connectionKind.isTerminal { return }
    checkPresence(now: now)
    let heard = lastHeard.load(ordering: .relaxed)
    if isPinged.load(ordering: .relaxed) {
      let silence = hub.limits.pingAfter + hub.limits.pingReply
      if Moment.passed(silence, since: heard, now: now) {
        end("Ping timeout: \(silence.components.seconds) seconds")
      }
    } else if Moment.passed(hub.limits.pingAfter, since: heard, now: now) {
      isPinged.store(true, ordering: .relaxed)
      ask()
    }
  }

  // MARK: Any thread

  /// Asks the client whether it is there.
  func ask() {
    outbox.enqueue(Array("PING :\(hub.serverName)\r\n".utf8))
    outbox.deliver()
  }

  /// Ends the connection from this side.
  ///
  /// - Parameters:
  ///   - code: what a browser is told, which decides whether it comes again by itself.
  ///   - whenSent: whether what is queued should leave before.
  func end(_ reason: String, _ code: CloseCode = .tryAgainLater, whenSent: Bool = false) {
    outbox.end(
      Outbox.Ending(reason: reason), farewell: lastWords(reason), closing: closing(code, reason),
      whenSent: whenSent)
  }

  static func farewell(_ address: String, _ reason: String) -> [UInt8] {
    Array("ERROR :Closing Link: \(address) (\(reason))\r\n".utf8)
  }
}
