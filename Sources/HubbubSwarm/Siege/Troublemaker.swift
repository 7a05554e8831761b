import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import Synchronization

/// One client that is not healthy, on a thread of its own: makes its trouble again and again.
///
/// What becomes of it is not its business: that the server ends it is right more often than not.
struct Troublemaker {
  private let field: Battlefield
  private let index: Int
  private let trouble: Trouble
  private var random: SplitMix64
  private var round = 0

  init(_ index: Int, _ field: Battlefield) {
    self.field = field
    self.index = index
    trouble = field.plan.trouble(index)
    random = SplitMix64(seed: field.plan.seed).derived(index)
  }

  /// Until the fighting is over.
  mutating func live() {
    field.waitFor(.fighting)
    while field.pause(.milliseconds(Int.random(in: 50...1000, using: &random))) {
      round += 1
      guard let socket = connect() else { continue }
      // A failure here is the server's answer to the trouble.
      try? make(on: socket)
      socket.close()
    }
  }

  private func connect() -> Socket? {
    field.connects.wrappingAdd(1, ordering: .relaxed)
    do {
      return try Socket.connect(to: field.plan.endpoint, limit: .seconds(30))
    } catch {
      field.failedConnects.wrappingAdd(1, ordering: .relaxed)
      return nil
    }
  }

  private mutating func make(on socket: Socket) throws {
    switch trouble {
    case .churn: try comeAndGo(socket)
    case .reset: try reset(socket)
    case .stall: try stall(socket)
    case .flood: try flood(socket)
    case .garbage: try babble(socket)
    }
  }

  // MARK: The kinds

  private mutating func comeAndGo(_ socket: Socket) throws {
    let name = "churn-\(index)-\(round)"
    try send("NICK \(name)\r\nUSER churn 0 * :Churn\r\nJOIN \(SiegePlan.room),#churn\r\n", socket)
    guard reads(to: "366", on: socket) else { return }
    try send("PRIVMSG #churn :hello\r\nNICK \(name)x\r\nTOPIC #churn :\(name)\r\n", socket)
    guard field.pause(.milliseconds(Int.random(in: 10...600, using: &random))) else { return }
    drain(socket)
    if Bool.random(using: &random) { try send("PART \(SiegePlan.room) :bye\r\n", socket) }
    if Bool.random(using: &random) {
      try send("QUIT :gone\r\n", socket)
      _ = reads(to: "ERROR", on: socket)
    }
  }

  private mutating func reset(_ socket: Socket) throws {
    let lines =
      "NICK cut-\(index)-\(round)\r\nUSER cut 0 * :Cut\r\nJOIN \(SiegePlan.room)\r\n"
      + "PRIVMSG \(SiegePlan.room) :half a li"
    // Anywhere, also in the middle of the registration or of a word.
    try send(String(lines.prefix(Int.random(in: 0...lines.count, using: &random))), socket)
    _ = field.pause(.milliseconds(Int.random(in: 0...300, using: &random)))
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      socket.descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    field.resets.wrappingAdd(1, ordering: .relaxed)
  }

  private mutating func stall(_ socket: Socket) throws {
    let name = "stall-\(index)-\(round)"
    try send("NICK \(name)\r\nUSER stall 0 * :Stall\r\nJOIN \(SiegePlan.room),#flood\r\n", socket)
    guard reads(to: "366", on: socket) else { return }
    // With little room on this side its lag is the server's to keep, and to end it for.
    var bytes: Int32 = 64 * 1024
    setsockopt(
      socket.descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    guard field.pause(.milliseconds(Int.random(in: 3_000...20_000, using: &random))) else { return }
    // Whether it was ended shows when it reads on: the end stands behind all that was on its way.
    for _ in 0..<10_000 where field.phase == .fighting {
      guard let bytes = receive(socket, upTo: .seconds(2)) else {
        field.evictions.wrappingAdd(1, ordering: .relaxed)
        return
      }
      if bytes.isEmpty { return }
    }
  }

  private mutating func flood(_ socket: Socket) throws {
    let name = "flood-\(index)-\(round)"
    try send("NICK \(name)\r\nUSER flood 0 * :Flood\r\nJOIN #flood\r\n", socket)
    guard reads(to: "366", on: socket) else { return }
    let line = "PRIVMSG #flood :\(String(repeating: "f", count: 380))\r\n"
    let burst = String(repeating: line, count: 50) + "WHO #flood\r\nNAMES #flood\r\nLIST\r\n"
    for _ in 0..<20 {
      try send(burst, socket)
      field.floodLines.wrappingAdd(53, ordering: .relaxed)
      guard field.pause(.milliseconds(500)) else { return }
      drain(socket)
    }
  }

  private mutating func babble(_ socket: Socket) throws {
    var bytes = [UInt8](repeating: 0, count: Int.random(in: 1...20_000, using: &random))
    let kind = Int.random(in: 0..<5, using: &random)
    for index in bytes.indices {
      let byte = UInt8.random(in: 0...255, using: &random)
      // Any bytes; bytes of text; text in lines; a line without an end.
      switch kind {
      case 0: bytes[index] = byte
      case 1: bytes[index] = 0x20 + byte % 0x5F
      case 2: bytes[index] = byte % 20 == 0 ? 0x0A : 0x20 + byte % 0x5F
      default: bytes[index] = 0x41
      }
    }
    if kind == 3 { bytes = [0x16, 0x03, 0x01, 0x02, 0x00] + bytes }
    if kind == 4 { bytes = Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8) + bytes }
    field.garbageBytes.wrappingAdd(bytes.count, ordering: .relaxed)
    try bytes.withUnsafeBytes { try socket.sendAll($0) }
    _ = field.pause(.milliseconds(Int.random(in: 0...300, using: &random)))
    drain(socket)
  }

  // MARK: Sending and reading

  private func send(_ text: String, _ socket: Socket) throws {
    try Array(text.utf8).withUnsafeBytes { try socket.sendAll($0) }
  }

  /// Reads until the word was seen in what came.
  ///
  /// - Returns: false when the connection ended, or the word did not come for long.
  private func reads(to word: String, on socket: Socket) -> Bool {
    var tail: [UInt8] = []
    let wanted = Array(word.utf8)
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline, field.phase == .fighting {
      guard let bytes = receive(socket, upTo: .milliseconds(500)) else { return false }
      tail = tail.suffix(wanted.count) + bytes
      if tail.contains(wanted) { return true }
    }
    return false
  }

  /// Reads what is there.
  private func drain(_ socket: Socket) {
    for _ in 0..<64 {
      guard let bytes = receive(socket, upTo: .zero), !bytes.isEmpty else { return }
    }
  }

  /// - Returns: nil at the end of the connection; nothing where nothing came in time.
  private func receive(_ socket: Socket, upTo limit: Duration) -> [UInt8]? {
    guard Readiness.wait(for: socket.descriptor, Int32(POLLIN), limit: limit) else { return [] }
    let bytes = [UInt8](unsafeUninitializedCapacity: 16 * 1024) { buffer, count in
      // A connection that fails is at its end as well.
      count = (try? socket.receive(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
    }
    return bytes.isEmpty ? nil : bytes
  }
}
