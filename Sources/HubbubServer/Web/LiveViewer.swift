import Glibc
import HubbubLog
import HubbubRooms
import HubbubSockets
import HubbubThreads
import HubbubWeb
import IRCWire
import Logging

/// Somebody who looks at the dashboard: a WebSocket that is told what the server does once a
/// second. One that reads too slowly is ended.
final class LiveViewer: Sendable {
  let id: MemberID
  let seesSecrets: Bool
  private let outbox: Outbox

  /// This many bytes may wait for it.
  private static let lagBytes = 256 * 1024

  private init(_ connection: Connection, id: MemberID, seesSecrets: Bool, _ hub: Hub) {
    self.id = id
    self.seesSecrets = seesSecrets
    outbox = Outbox(
      reader: id, clock: hub.registry.clock, outlet: connection, lagLimitBytes: Self.lagBytes,
      framing: { WebFrames.frames(lines: $0, as: .text) })
  }

  /// Shows a line of JSON. Any thread; waits for nobody.
  func show(_ line: [UInt8]) {
    outbox.enqueue(line)
    outbox.deliver()
  }

  /// Ends it after a last word, where there is one.
  func end(_ reason: String, _ code: CloseCode, saying line: [UInt8] = []) {
    outbox.end(
      Outbox.Ending(reason: reason), farewell: line, closing: WebFrames.close(code, reason),
      whenSent: true)
  }

  /// Ends it at once, whatever is left for it to read.
  func cutOff() { outbox.end(Outbox.Ending(reason: "The server is stopping.")) }

  /// The life of a connection that has shaken hands, on its own thread.
  static func serve(_ visit: WebVisit, beginning: [UInt8]) {
    let hub = visit.connection.hub
    let id = visit.connection.place.id
    let connection = Connection(
      visit.connection.stream, id: id, writableWatcher: hub.writableWatcher)
    var reader = LiveReader(connection, beginning: beginning)
    var refusal = "The first message says who you are: {\"oper\", \"password\"} or {\"token\"}."
    var seesSecrets: Bool?
    if let greeting = reader.greeting(within: hub.limits.webHead) {
      do throws(HTTPRefusal) { seesSecrets = try visit.judge(greeting) } catch {
        refusal = error.sentence
      }
    }
    // Until here the server would have ended it with the other visitors, and from here on with
    // those who look.
    visit.connection.handOver()
    let viewer = LiveViewer(connection, id: id, seesSecrets: seesSecrets ?? false, hub)
    if seesSecrets == nil {
      viewer.end(refusal, .policy, saying: LiveGreeting.refusal(refusal))
    } else if hub.live.insert(viewer) {
      reader.readToEnd(viewer)
      hub.live.remove(id)
    } else {
      viewer.end("Too many look at the dashboard.", .tryAgainLater)
    }
    viewer.outbox.retire()
    connection.close(linger: hub.limits.linger)
  }

  /// Answers what the browser says of the connection itself.
  ///
  /// - Parameter pong: the last answer to a ping: one waits at the most.
  /// - Returns: whether there may be more.
  fileprivate func answer(_ event: WebSocketFramer.Event, _ pong: inout UInt64?) -> Bool {
    switch event {
    case .piece, .messageEnd, .pong: return true
    case .ping(let payload):
      pong = outbox.replace(pong, with: WebFrames.pong(payload))
      outbox.deliver()
      return true
    case .close(let code): end("", code ?? .normal)
    case .failed(let code, let words): end(words, code)
    }
    return false
  }
}

/// Reads what a viewer sends: who it is, and then nothing more. A value of its thread.
private struct LiveReader {
  private let connection: Connection
  private var framer = WebSocketFramer(messageBytes: LiveGreeting.maximumBytes)
  private var beginning: [UInt8]

  init(_ connection: Connection, beginning: [UInt8]) {
    self.connection = connection
    self.beginning = beginning
  }

  /// Waits for the first message.
  ///
  /// - Returns: nil where that is no greeting, or does not come.
  mutating func greeting(within limit: Duration) -> LiveGreeting? {
    let deadline = ContinuousClock.now + limit
    var isWhole = false
    var message: [UInt8] = []
    var framer = self.framer
    defer { self.framer = framer }
    func take(_ bytes: UnsafeMutableRawBufferPointer) {
      framer.feed(bytes) { event in
        switch event {
        case .piece(let piece): message += piece
        case .messageEnd: isWhole = true
        case .ping, .pong: break
        case .close, .failed: return false
        }
        return !isWhole
      }
    }
    beginning.withUnsafeMutableBytes { take($0) }
    while !isWhole, !framer.hasEnded, ContinuousClock.now < deadline {
      var buffer = [UInt8](repeating: 0, count: 2048)
      let count = buffer.withUnsafeMutableBytes { bytes -> Int? in
        // An error is an end like any other.
        try? connection.receive(into: bytes, within: deadline - .now)
      }
      guard let count, count > 0 else { return nil }
      buffer.withUnsafeMutableBytes { take(UnsafeMutableRawBufferPointer(rebasing: $0[..<count])) }
    }
    return isWhole ? LiveGreeting(message) : nil
  }

  /// Reads until the connection ends.
  mutating func readToEnd(_ viewer: LiveViewer) {
    var buffer = [UInt8](repeating: 0, count: 512)
    var pong: UInt64?
    while !framer.hasEnded {
      let count = buffer.withUnsafeMutableBytes { bytes -> Int? in
        // An error is an end like any other.
        try? connection.receive(into: bytes, within: nil)
      }
      guard let count, count > 0 else { return }
      buffer.withUnsafeMutableBytes { bytes in
        framer.feed(UnsafeMutableRawBufferPointer(rebasing: bytes[..<count])) {
          viewer.answer($0, &pong)
        }
      }
    }
  }
}
