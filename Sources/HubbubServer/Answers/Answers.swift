import HubbubLog
import HubbubRooms
import IRCWire

/// The answers to one command, on their way into the order of what the client reads.
///
/// Without a label they go to the client's queue as they come. With one (IRCv3 labeled-response)
/// their places are held, and filled when all are known: only then is it clear whether the label
/// stands on one message, on a batch around several, or on an ACK.
struct Answers {
  /// What was answered since the last place was taken.
  private var lines = LineBuffer()

  /// The client's label for the command that is being answered; nil where it gave none.
  private(set) var label: String?

  /// What is to be filled into held places when the command ends.
  private var held: [Held] = []
  private var heldBytes = 0

  /// The batch that was begun because the answers became many; nil while they may still be one.
  private var openBatch: String?

  /// The line that begins it, until it is sent.
  private var batchStart: [UInt8] = []
  private var batches = 0

  private let server: String

  /// Whether nothing more is answered until the command's end: it was dropped, and that was said.
  var isMuted = false

  /// Whether the client reads text and no protocol (`TerminalText`).
  var isText = false

  private struct Held {
    let reservation: Outbox.Reservation
    var bytes: [UInt8]

    /// Whether its lines are one message (a multi-line one) and not several.
    let isOneMessage: Bool

    /// How many messages it is: none, where the client has not negotiated to see it.
    var messages: Int {
      isOneMessage ? min(1, bytes.count) : bytes.count { $0 == UInt8(ascii: "\n") }
    }
  }

  /// This many bytes are held for a label; more begin the batch before its end is known.
  private static let maxHeldBytes = 256 * 1024

  /// "The value MUST NOT exceed 64 bytes." (IRCv3 labeled-response)
  private static let maxLabelBytes = 64

  init(server: String) { self.server = server }

  /// Whether all that was answered has its place.
  var isEmpty: Bool { lines.isEmpty }

  /// How many bytes were answered since the last place was taken.
  var byteCount: Int { lines.bytes.count }

  /// Makes room for an answer of this many bytes.
  mutating func reserve(bytes: Int) { lines.reserveCapacity(bytes) }

  /// A command with this label is answered from now on.
  mutating func begin(label: String?) {
    let isUsable = label.map { (1...Self.maxLabelBytes).contains($0.utf8.count) } ?? false
    self.label = isUsable ? label : nil
  }

  mutating func append(
    source: String, _ command: String, _ middle: [String], trailing: String?
  ) {
    if isMuted { return }
    lines.append(source: source, command, middle, trailing: trailing)
  }

  /// Appends lines that are whole, with their endings.
  mutating func append(lines more: [UInt8]) { if !isMuted { lines.append(lines: more) } }

  /// Puts what was answered so far at the place in the order that is now.
  ///
  /// - Returns: how many bytes were queued.
  mutating func flush(to outbox: Outbox) -> Int {
    guard !lines.isEmpty else { return 0 }
    let bytes = takeLines()
    guard label != nil else {
      outbox.enqueue(bytes)
      return bytes.count
    }
    return hold(outbox.reserve(), bytes, isOneMessage: false, in: outbox)
  }

  /// Puts what was answered since into a place that was reserved.
  ///
  /// - Returns: how many bytes were queued.
  mutating func fill(_ reservation: Outbox.Reservation, in outbox: Outbox) -> Int {
    fill(reservation, with: takeLines(), isOneMessage: false, in: outbox)
  }

  /// Puts a message that is whole into a place that was reserved.
  ///
  /// - Returns: how many bytes were queued.
  mutating func fill(
    _ reservation: Outbox.Reservation, with bytes: [UInt8], isOneMessage: Bool, in outbox: Outbox
  ) -> Int {
    guard label != nil else {
      outbox.fill(reservation, with: bytes)
      return bytes.count
    }
    return hold(reservation, bytes, isOneMessage: isOneMessage, in: outbox)
  }

  /// The command is carried out: what was held is filled in, with its label.
  ///
  /// - Returns: how many bytes were queued.
  mutating func finish(to outbox: Outbox) -> Int {
    isMuted = false
    let queued = flush(to: outbox)
    guard let label else { return queued }
    self.label = nil
    if openBatch != nil { return queued + closeBatch(in: outbox) }
    switch held.reduce(0, { $0 + $1.messages }) {
    case 0: return acknowledge(label, in: outbox)
    case 1: return fillHeld(in: outbox) { $0.taggingFirstLine(Tag("label", label)) }
    default:
      openBatch(label)
      return closeBatch(in: outbox)
    }
  }

  /// Fills in what is held, in a batch, before the command's end is known: its thread is about to
  /// wait, and nothing must wait for it meanwhile.
  ///
  /// - Returns: how many bytes were queued.
  mutating func release(to outbox: Outbox) -> Int {
    let queued = flush(to: outbox)
    guard let label, !held.isEmpty else { return queued }
    if openBatch == nil { openBatch(label) }
    return queued + fillBatch(in: outbox)
  }

  // MARK: Holding

  private mutating func hold(
    _ reservation: Outbox.Reservation, _ bytes: [UInt8], isOneMessage: Bool, in outbox: Outbox
  ) -> Int {
    held.append(Held(reservation: reservation, bytes: bytes, isOneMessage: isOneMessage))
    heldBytes += bytes.count
    guard heldBytes > Self.maxHeldBytes, let label else { return 0 }
    if openBatch == nil { openBatch(label) }
    return fillBatch(in: outbox)
  }

  /// "Servers MUST respond with a labeled ACK message when a client sends a labeled command that
  /// normally produces no response." (IRCv3 labeled-response)
  private mutating func acknowledge(_ label: String, in outbox: Outbox) -> Int {
    _ = fillHeld(in: outbox) { $0 }
    let line = Array(":\(server) ACK\r\n".utf8).taggingFirstLine(Tag("label", label))
    outbox.enqueue(line)
    return line.count
  }

  /// Begins a batch in front of what is held.
  private mutating func openBatch(_ label: String) {
    batches += 1
    let batch = "l\(String(batches, radix: 36))"
    openBatch = batch
    batchStart = Array(":\(server) BATCH +\(batch) labeled-response\r\n".utf8)
      .taggingFirstLine(Tag("label", label))
  }

  private mutating func closeBatch(in outbox: Outbox) -> Int {
    guard let batch = openBatch else { return 0 }
    let queued = fillBatch(in: outbox)
    openBatch = nil
    let end = Array(":\(server) BATCH -\(batch)\r\n".utf8)
    outbox.enqueue(end)
    return queued + end.count
  }

  private mutating func fillBatch(in outbox: Outbox) -> Int {
    guard let batch = openBatch else { return 0 }
    var start = batchStart
    batchStart = []
    return fillHeld(in: outbox) { bytes in
      defer { start = [] }
      return start + bytes.inBatch(batch)
    }
  }

  private mutating func fillHeld(
    in outbox: Outbox, _ dressed: ([UInt8]) -> [UInt8]
  ) -> Int {
    defer {
      held.removeAll()
      heldBytes = 0
    }
    return held.reduce(0) { queued, held in
      let bytes = dressed(held.bytes)
      outbox.fill(held.reservation, with: bytes)
      return queued + bytes.count
    }
  }

  /// The lines so far, as the client reads them.
  private mutating func takeLines() -> [UInt8] {
    defer { lines = LineBuffer() }
    guard isText else { return lines.bytes }
    var text: [UInt8] = []
    Rendition.appendText(of: lines.bytes, to: &text)
    return text
  }
}

extension [UInt8] {
  /// Lines with another tag on the first of them.
  fileprivate func taggingFirstLine(_ tag: Tag) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 80)
    Tag.append([tag], to: &bytes)
    guard first == UInt8(ascii: "@") else {
      bytes.append(contentsOf: self)
      return bytes
    }
    // The line has tags already: the space between becomes the sign between two tags.
    bytes[bytes.count - 1] = UInt8(ascii: ";")
    bytes.append(contentsOf: dropFirst())
    return bytes
  }

  /// Lines with the name of the batch that they are in; those of a batch within it, which have that
  /// one's name, stay as they are.
  fileprivate func inBatch(_ name: String) -> [UInt8] {
    let inner = Array("@batch=".utf8)
    return split(separator: UInt8(ascii: "\n")).reduce(into: []) { bytes, line in
      let whole = Array(line) + [UInt8(ascii: "\n")]
      bytes += whole.starts(with: inner) ? whole : whole.taggingFirstLine(Tag("batch", name))
    }
  }
}
