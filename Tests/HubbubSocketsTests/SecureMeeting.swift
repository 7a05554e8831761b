import Glibc
import HubbubThreads

@testable import HubbubSockets

/// Two ends of one connection over the loopback, with TLS between them.
struct SecureMeeting {
  let server: ByteStream
  let client: ByteStream

  /// Shakes hands on both sides at the same time.
  ///
  /// - Throws: what went wrong at the client's side, or else at the server's.
  init(
    server context: TLSContext, client trust: TLSContext? = nil, host: String = "localhost",
    greeting: TLSIdentity? = nil
  ) throws {
    let meeting = try Meeting()
    let clientContext =
      try trust ?? TLSContext(client: .pin(context.fingerprint!), identity: greeting)
    let serverSession = try TLSSession(accepting: meeting.server, context)
    let clientSession = try TLSSession(connecting: meeting.client, to: host, clientContext)
    let accepting = try Errand {
      do {
        try serverSession.handshake(limit: patience)
      } catch {
        meeting.server.shutDown()
        throw error
      }
    }
    do {
      try clientSession.handshake(limit: patience)
    } catch {
      meeting.client.shutDown()
      _ = try? accepting.finish()
      throw error
    }
    try accepting.finish()
    server = ByteStream(meeting.server, session: serverSession)
    client = ByteStream(meeting.client, session: clientSession)
  }
}

extension ByteStream {
  func send(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { raw in try sendAll(raw) } }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// What one read brought; nil where none came.
  func receiveSome(upTo count: Int = 65_536) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let received = try bytes.withUnsafeMutableBytes { raw in try receive(into: raw) }
    return received.map { Array(bytes.prefix($0)) }
  }

  /// So many bytes, or what there is up to the end.
  func receive(_ count: Int) throws -> [UInt8] {
    var all: [UInt8] = []
    while all.count < count, let some = try receiveSome(upTo: count - all.count), !some.isEmpty {
      all += some
    }
    return all
  }

  func receiveText() throws -> String { String(decoding: try receiveSome() ?? [], as: UTF8.self) }

  /// Hands the pieces over at once, as one message.
  func sendNow(_ pieces: [[UInt8]]) throws -> Int {
    func gather(_ rest: ArraySlice<[UInt8]>, _ spans: [iovec]) throws -> Int {
      guard let first = rest.first else {
        return try spans.withUnsafeBufferPointer { pointer in try sendNow(pointer) }
      }
      return try first.withUnsafeBytes { raw in
        let base = UnsafeMutableRawPointer(mutating: raw.baseAddress)
        return try gather(
          rest.dropFirst(), spans + [iovec(iov_base: base, iov_len: raw.count)])
      }
    }
    return try gather(pieces[...], [])
  }
}
