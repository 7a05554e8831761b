import Glibc
import HubbubSockets
import HubbubThreads

/// What a bot hears: cuts the bytes into lines, and notes each message of the run.
///
/// This is the measuring path: one search for the line's end, two comparisons and two numbers read
/// a message, and four bytes noted. Everything that is no message of the run goes to `asides`.
struct Ear: ~Copyable {
  static let capacity = 64 * 1024

  private(set) var arrivals: ArrivalLog

  /// Lines that are no messages of the run and matter: errors, pings, messages that were changed.
  private(set) var asides: [[UInt8]] = []

  /// All bytes that arrived.
  private(set) var received = 0

  /// Messages whose sender or number nobody has.
  private(set) var strays = 0

  /// How the times that the server gives to its messages went.
  private(set) var serverTimes = ServerTimes()

  /// The ids that the server gives to its messages; empty where they are not looked at.
  private(set) var serverIDs = ServerIDs()

  /// Under whose name and in which room messages came, and whether this bot was in the room then.
  private(set) var provenance: Provenance
  var membership: Membership

  /// What can be told of completeness and order while the run goes on.
  private(set) var check: RunningCheck

  /// When the first message of the last read that brought one was due.
  private(set) var sampleDue: Nanoseconds?

  // Allocated in `init`, freed in `deinit`, and this value cannot be copied.
  private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
  private var filled = 0
  private let run: RunID
  private let ids: MessageIDs
  private let textBytes: Int
  private let readsTimes: Bool
  private let readsIDs: Bool

  /// - Parameters:
  ///   - names: the nicknames of all senders.
  ///   - membership: who this bot is, and its room.
  init(
    run: RunID, ids: MessageIDs, textBytes: Int, readsTimes: Bool, readsIDs: Bool,
    provenance: Provenance, membership: Membership, reserving messages: Int
  ) {
    self.provenance = provenance
    self.membership = membership
    self.run = run
    self.ids = ids
    self.textBytes = textBytes
    self.readsTimes = readsTimes
    self.readsIDs = readsIDs
    check = RunningCheck(senders: ids.senders)
    arrivals = ArrivalLog(reserving: messages)
  }

  deinit { bytes.deallocate() }

  /// Reads what is there, and takes it in: once, and over TLS as often as there is something of
  /// which the waiter does not know.
  ///
  /// - Returns: false at the end of the connection.
  /// - Throws: `SystemError`.
  mutating func listen(to stream: ByteStream, clock: RunClock) throws(SystemError) -> Bool {
    repeat {
      let free = UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
      guard let count = try stream.receiveNow(into: free) else { return true }
      if count == 0 { return false }
      takeIn(count, at: clock)
    } while stream.hasPending
    return true
  }

  /// Takes in bytes that somebody else received before.
  mutating func takeIn(_ received: [UInt8], at clock: RunClock) {
    precondition(received.count <= Self.capacity - filled, "More than the buffer holds.")
    bytes[filled..<filled + received.count].copyBytes(from: received)
    takeIn(received.count, at: clock)
  }

  /// Takes in messages that somebody else read over a new connection.
  mutating func takeIn(messages: [UInt32], at time: Nanoseconds) {
    for id in messages {
      arrivals.append(id)
      check.note(ids.sender(of: id), ids.number(of: id))
      if readsIDs { serverIDs.skip() }
    }
    if !messages.isEmpty { arrivals.endRead(at: time) }
  }

  /// Forgets what came of a line whose end will never come: its connection is gone.
  mutating func dropRest() { filled = 0 }

  /// Forgets the asides once they were dealt with.
  mutating func clearAsides() { asides.removeAll(keepingCapacity: true) }

  /// Gives the log away. The ear hears nothing afterwards.
  mutating func takeArrivals() -> ArrivalLog {
    defer { arrivals = ArrivalLog() }
    return arrivals
  }

  private mutating func takeIn(_ count: Int, at clock: RunClock) {
    let time = clock.now
    let before = arrivals.ids.count
    sampleDue = nil
    filled += count
    received += count
    let base = UnsafeRawPointer(bytes.baseAddress!)
    var line = base
    let end = base + filled
    while let found = memchr(line, 10, end - line) {
      let newline = UnsafeRawPointer(found)
      takeIn(line, newline)
      line = newline + 1
    }
    keep(line, end)
    if arrivals.ids.count > before { arrivals.endRead(at: time) }
  }

  @inline(__always)
  private mutating func takeIn(_ line: UnsafeRawPointer, _ newline: UnsafeRawPointer) {
    let text = newline - 1 - textBytes
    guard newline - line > textBytes + 2,
      text.load(fromByteOffset: -1, as: UInt8.self) == UInt8(ascii: ":"),
      let (sender, number) = Payload.names(run: run, at: text)
    else { return takeAside(line, newline) }
    guard sender < ids.senders, number > 0, number <= ids.largestNumber else {
      strays += 1
      return
    }
    arrivals.append(ids.id(sender: sender, number: number))
    check.note(sender, number)
    provenance.note(sender, line, text)
    membership.noteMessage()
    if sampleDue == nil { sampleDue = Payload(run: run, at: text)?.due }
    if readsTimes { serverTimes.note(line, newline, of: sender) }
    if readsIDs { serverIDs.note(line, newline) }
  }

  /// Keeps a line that is no message of the run, unless it is one of the many that mean nothing
  /// here.
  private mutating func takeAside(_ line: UnsafeRawPointer, _ newline: UnsafeRawPointer) {
    let raw = UnsafeRawBufferPointer(start: line, count: newline - line)
    if let command = Aside.command(of: raw) { membership.note(raw, command: command) }
    if Aside.matters(raw) { asides.append(Array(raw)) }
  }

  /// Moves the beginning of a line whose end has not come to the front.
  private mutating func keep(_ line: UnsafeRawPointer, _ end: UnsafeRawPointer) {
    let rest = end - line
    filled = rest < Self.capacity ? rest : 0
    if rest > 0 { memmove(bytes.baseAddress!, line, filled) }
  }
}
