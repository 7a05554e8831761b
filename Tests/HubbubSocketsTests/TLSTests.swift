import Glibc
import HubbubThreads
import TestSupport
import Testing

@testable import HubbubSockets

/// Encrypted connections, with certificates that are made for the test.
@Suite("TLS") struct TLSTests {
  private func identity(_ names: String..., days: Int = 30) throws -> TLSIdentity {
    try TLSIdentity.selfSigned(names: names, days: days)
  }

  /// A client that trusts whoever signed this.
  private func trusting(_ identity: TLSIdentity, in directory: TemporaryDirectory) throws
    -> TLSContext
  {
    let file = "\(directory.path)/authority.pem"
    unlink(file)
    try SmallFile.replace(file, with: identity.certificates)
    return try TLSContext(client: .authorities(file: file))
  }

  // MARK: Talking

  @Test("what is said arrives, both ways, by TLS 1.3 with an authenticated cipher")
  func talking() throws {
    let meeting = try SecureMeeting(server: TLSContext(server: identity("localhost")))
    try meeting.client.send("hello")
    #expect(try meeting.server.receiveText() == "hello")
    try meeting.server.send("good evening")
    #expect(try meeting.client.receiveText() == "good evening")
    #expect(meeting.client.session!.protocolDescription == "TLSv1.3, TLS_AES_256_GCM_SHA384")
  }

  @Test("a short write is taken up where it stopped, and pieces arrive in their order (R9)")
  func shortWrites() throws {
    let meeting = try SecureMeeting(server: TLSContext(server: identity("localhost")))
    let pieces = (0..<3000).map { index in
      [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index * 7 % 5000)
    }
    let whole = pieces.flatMap { $0 }
    var sent = 0
    var wasFull = false
    var reader: Errand<[UInt8]>?
    while sent < whole.count {
      // Cut anew each time, as the rest of a burst is.
      let rest = Array(whole[sent...])
      let cut = min(1000, rest.count / 2)
      let taken = try meeting.server.sendNow([Array(rest[..<cut]), [], Array(rest[cut...])])
      sent += taken
      guard sent < whole.count else { break }
      if reader == nil, taken == 0 {
        wasFull = true
        reader = try Errand { try meeting.client.receive(whole.count) }
      }
      if reader != nil {
        try #require(
          Readiness.wait(for: meeting.server.socket.descriptor, POLLOUT, limit: patience))
      }
    }
    try #require(wasFull)
    #expect(try reader!.finish() == whole)
  }

  @Test(
    "both sides send and read at once, and change their keys meanwhile", arguments: [false, true])
  func bothDirections(changesKeys: Bool) throws {
    let meeting = try SecureMeeting(server: TLSContext(server: identity("localhost")))
    let bytes = (0..<6_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let readers = try [meeting.client, meeting.server].map { stream in
      try Errand { try stream.receive(bytes.count) }
    }
    let writers = try [meeting.client, meeting.server].map { stream in
      try Errand {
        for start in stride(from: 0, to: bytes.count, by: 60_000) {
          try stream.send(Array(bytes[start..<min(start + 60_000, bytes.count)]))
          if changesKeys { stream.session!.updateKeys() }
        }
      }
    }
    for writer in writers { try writer.finish() }
    for reader in readers { #expect(try reader.finish() == bytes) }
  }

  /// reader                         writer
  ///                                wants to send
  /// lets it in: waits
  ///                                sends, wakes the reader
  ///
  /// Whenever the reader looks, there is a record that is wanted and not sent, and after it there comes another one:
  /// so it waits, and never for long.
  @Test("a reader waits for the record of a writer that is waiting, and for one that is not at all")
  func readerLetsWriterIn() throws {
    let meeting = try SecureMeeting(server: TLSContext(server: identity("localhost")))
    let session = meeting.server.session!
    session.letWriterIn(upTo: .seconds(600))
    // As a writer does that is not awake yet.
    session.wantedRecords.add(1, ordering: .relaxed)
    let isThere = Monitor(false)
    let reader = try Errand {
      isThere.withLock { $0 = true }
      isThere.wakeAll()
      let before = session.sentRecords.load(ordering: .relaxed)
      session.letWriterIn(upTo: .seconds(600))
      return session.sentRecords.load(ordering: .relaxed) - before
    }
    _ = isThere.wait { $0 ? true : nil }
    let end = ContinuousClock.now + patience
    while !reader.hasFinished, ContinuousClock.now < end {
      try meeting.server.send("x")
      _ = try meeting.client.receiveSome()
    }
    #expect(try reader.finish() > 0)
  }

  @Test("who sends nothing but new keys is ended; between data they are fine")
  func onlyKeys() throws {
    let meeting = try SecureMeeting(server: TLSContext(server: identity("localhost")))
    let reader = try Errand { try meeting.server.receive(100) }
    for _ in 0..<100 {
      meeting.client.session!.updateKeys()
      try meeting.client.send("x")
    }
    #expect(try reader.finish().count == 100)
    let end = try Errand { try meeting.server.receiveSome() }
    for _ in 0..<200 where !meeting.client.session!.sendNewKeys() { break }
    #expect(throws: SystemError(call: "recv", errno: EPROTO)) { try end.finish() }
  }

  @Test("what is no data is counted anew after data, and one message a second is always fine")
  func idleMessages() {
    var messages = IdleMessages()
    let start = ContinuousClock.now
    func tooMany(_ count: Int, after seconds: Int) -> Int {
      (0..<count).count { _ in messages.count(1, now: start + .seconds(seconds)) }
    }
    #expect(tooMany(40, after: 0) == 8)
    messages.reset()
    #expect(tooMany(32, after: 0) == 0)
    #expect((1...100).reduce(0) { $0 + tooMany(1, after: $1) } == 0)
    #expect(tooMany(1, after: 100) == 1)
  }

  @Test("who says goodbye, and who just closes, are both at the end of the stream (R8)")
  func ending() throws {
    let context = try TLSContext(server: identity("localhost"))
    let polite = try SecureMeeting(server: context)
    try polite.server.send("bye")
    polite.server.shutDown()
    #expect(try polite.client.receiveText() == "bye")
    #expect(try polite.client.receiveSome() == [])
    let rude = try SecureMeeting(server: context)
    rude.server.socket.shutDown()
    #expect(try rude.client.receiveSome() == [])
    #expect(throws: SystemError.self) {
      while true { try rude.client.send("anybody?") }
    }
  }

  /// The client's last words may come in the same moment in which the server finds that it can send
  /// no more.
  @Test("what was said before the end is heard, even by who has failed to send already")
  func lastWords() throws {
    let meeting = try SecureMeeting(server: TLSContext(server: identity("localhost")))
    try meeting.client.send("QUIT")
    meeting.server.socket.shutDownSending()
    #expect(throws: SystemError(call: "send", errno: EPIPE)) { try meeting.server.send("anybody?") }
    #expect(try meeting.server.receiveText() == "QUIT")
  }

  @Test("bytes that are no TLS in the middle of a conversation end it with an error")
  func garbage() throws {
    let meeting = try SecureMeeting(server: TLSContext(server: identity("localhost")))
    try meeting.client.socket.send("this is not encrypted, and long enough for a record")
    #expect(throws: SystemError(call: "recv", errno: EPROTO)) {
      try meeting.server.receiveSome()
    }
    #expect(throws: SystemError.self) { try meeting.server.send("no more") }
  }

  @Test("receiveNow never waits, and what poll does not know of is pending")
  func pending() throws {
    let meeting = try SecureMeeting(server: TLSContext(server: identity("localhost")))
    var byte: [UInt8] = [0]
    func receiveOne() throws -> Int? {
      try byte.withUnsafeMutableBytes { raw in try meeting.client.receiveNow(into: raw) }
    }
    // The tickets that the server sent behind its handshake are no bytes.
    #expect(try receiveOne() == nil)
    try meeting.server.send("ab")
    try #require(
      Readiness.wait(for: meeting.client.socket.descriptor, POLLIN, limit: patience))
    #expect(try receiveOne() == 1)
    #expect(meeting.client.hasPending)
    #expect(try receiveOne() == 1)
    #expect(try receiveOne() == nil)
    #expect(!meeting.client.hasPending)
  }

  // MARK: Whom a client believes

  @Test("a certificate of a known authority for this very host is believed")
  func authority() throws {
    let directory = TemporaryDirectory()
    let identity = try identity("chat.example", "127.0.0.1", "::1")
    let (server, client) = (
      try TLSContext(server: identity), try trusting(identity, in: directory)
    )
    for host in ["chat.example", "127.0.0.1", "::1", "::1%lo"] {
      _ = try SecureMeeting(server: server, client: client, host: host)
    }
  }

  @Test("another host's certificate is refused, with the names that it is for")
  func wrongHost() throws {
    let directory = TemporaryDirectory()
    let identity = try identity("chat.example", "127.0.0.1")
    let (server, client) = (
      try TLSContext(server: identity), try trusting(identity, in: directory)
    )
    for host in ["other.example", "sub.chat.example", "127.0.0.2"] {
      #expect(throws: TLSError.wrongHost(host: host, names: ["chat.example", "127.0.0.1"])) {
        try SecureMeeting(server: server, client: client, host: host)
      }
    }
  }

  @Test("an unknown authority is refused, with the fingerprint that was seen")
  func unknownAuthority() throws {
    let server = try TLSContext(server: identity("localhost"))
    let client = try TLSContext(client: .systemAuthorities)
    let error = TLSError.unknownAuthority(host: "localhost", fingerprint: server.fingerprint!)
    #expect(throws: error) { try SecureMeeting(server: server, client: client) }
    #expect(error.description.contains("\(server.fingerprint!)"))
  }

  @Test("a certificate that has expired is refused, with the day")
  func expired() throws {
    let directory = TemporaryDirectory()
    let identity = try identity("localhost", days: -2)
    let client = try trusting(identity, in: directory)
    do {
      _ = try SecureMeeting(server: TLSContext(server: identity), client: client)
      Issue.record("It was believed.")
    } catch TLSError.expired(host: "localhost", let day) {
      #expect(day.wholeMatch(of: /20\d\d-\d\d-\d\d/) != nil)
    }
  }

  @Test("a pin believes one certificate under every name, and says which other one it saw")
  func pin() throws {
    let (mine, other) = (try identity("localhost"), try identity("localhost"))
    let server = try TLSContext(server: mine)
    let text = mine.fingerprint.description.uppercased()
    let colons = text.enumerated().map { $0 > 0 && $0 % 2 == 0 ? ":\($1)" : "\($1)" }.joined()
    let pinned = try TLSContext(client: .pin(Fingerprint(colons)))
    _ = try SecureMeeting(server: server, client: pinned, host: "another.name")
    #expect(
      throws: TLSError.pinMismatch(
        host: "localhost", expected: mine.fingerprint, seen: other.fingerprint)
    ) { try SecureMeeting(server: TLSContext(server: other), client: pinned) }
    #expect(throws: TLSError.noFingerprint("abc")) { try Fingerprint("abc") }
  }

  @Test("a client's certificate is asked for, not demanded, and known by its fingerprint")
  func clientCertificate() throws {
    let server = try TLSContext(server: identity("localhost"))
    let ann = try identity("ann")
    let with = try SecureMeeting(server: server, greeting: ann)
    #expect(with.server.session!.peerFingerprint == ann.fingerprint)
    let without = try SecureMeeting(server: server)
    #expect(without.server.session!.peerFingerprint == nil)
  }

  // MARK: Handshakes that fail

  @Test("a server that speaks plain text is not spoken to")
  func plainServer() throws {
    let meeting = try Meeting()
    let session = try TLSSession(
      connecting: meeting.client, to: "localhost", TLSContext(client: .systemAuthorities))
    try meeting.server.send(":irc.example NOTICE * :*** Looking up your hostname\r\n")
    #expect(throws: TLSError.plainText) { try session.handshake(limit: patience) }
    #expect(!session.isEstablished)
  }

  @Test("a client that speaks plain text is seen at its first byte (P2)")
  func plainClient() throws {
    let meeting = try Meeting()
    let session = try TLSSession(accepting: meeting.server, TLSContext(server: identity("s")))
    try meeting.client.send("N")
    #expect(throws: TLSError.plainText) { try session.handshake(limit: patience) }
  }

  @Test("a handshake that stalls ends at its limit, and one that is cut off at once (L5)")
  func stalled() throws {
    let context = try TLSContext(server: identity("localhost"))
    let meeting = try Meeting()
    let session = try TLSSession(accepting: meeting.server, context)
    #expect(throws: TLSError.timedOut) { try session.handshake(limit: .milliseconds(1)) }
    let waiting = try Errand { try session.handshake() }
    meeting.server.shutDown()
    #expect(throws: TLSError.ended) { try waiting.finish() }
  }

  @Test("TLS 1.1 is not spoken")
  func oldVersion() throws {
    let meeting = try Meeting()
    let session = try TLSSession(accepting: meeting.server, TLSContext(server: identity("s")))
    // A ClientHello of TLS 1.1 with one cipher, TLS_RSA_WITH_AES_128_CBC_SHA.
    let hello: [UInt8] =
      [0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 2] + [UInt8](repeating: 7, count: 32)
      + [0, 0, 2, 0, 0x2F, 1, 0]
    try hello.withUnsafeBytes { raw in try meeting.client.sendAll(raw) }
    #expect(throws: TLSError.failed(reason: "unsupported protocol")) {
      try session.handshake(limit: patience)
    }
  }

  // MARK: Another certificate

  @Test("a new context is for those who come, and those who are there stay")
  func reload() throws {
    let (old, new) = (try identity("localhost"), try identity("localhost"))
    let before = try SecureMeeting(server: TLSContext(server: old))
    let after = try SecureMeeting(server: TLSContext(server: new))
    #expect(before.client.session!.peerFingerprint == old.fingerprint)
    #expect(after.client.session!.peerFingerprint == new.fingerprint)
    try before.client.send("still here")
    #expect(try before.server.receiveText() == "still here")
  }
}
