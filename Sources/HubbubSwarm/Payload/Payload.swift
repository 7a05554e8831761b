/// What a bot says: who it is, which of its messages this is, and when it was meant to be sent.
///
/// All a receiver needs stands in the text itself, so that any IRC server can be measured, and at
/// fixed places, so that reading it costs a few instructions and no allocation:
///
///     hbk3v9qa 0000007 0001234 000001234567890 ...........
///     run       sender  number  due, ns        filler up to the size asked for
public struct Payload: Sendable, Equatable {
  /// The bytes that the fields take; a message is never shorter.
  public static let leastBytes = 40

  /// The last number that a sender may give to a message: the field has seven digits.
  public static let largestNumber = 9_999_999

  /// The sender, counted from 0.
  public let sender: Int

  /// The message's number at its sender: 1, 2, 3, …
  public let number: Int

  /// The time at which it was meant to be sent, in nanoseconds since the start of the run.
  public let due: Nanoseconds

  public init(sender: Int, number: Int, due: Nanoseconds) {
    self.sender = sender
    self.number = number
    self.due = due
  }

  /// Writes the message over the whole of `text`, which holds `leastBytes` or more.
  public func write(run: RunID, into text: UnsafeMutableRawBufferPointer) {
    precondition(text.count >= Self.leastBytes, "A message is too short for its fields.")
    text.storeBytes(of: run.word, as: UInt64.self)
    Digits.write(sender, after: Digits.space, to: text, at: 8)
    Digits.write(number, after: Digits.space, to: text, at: 16)
    let (high, low) = Int(due).quotientAndRemainder(dividingBy: 100_000_000)
    Digits.write(high, after: Digits.space, to: text, at: 24)
    Digits.write(low / 10_000_000, low, to: text, at: 32)
    guard text.count > Self.leastBytes else { return }
    text[Self.leastBytes] = UInt8(ascii: " ")
    for index in (Self.leastBytes + 1)..<text.count { text[index] = UInt8(ascii: ".") }
  }

  /// Reads the message of `run` that begins at `text`; nil if it is no such message.
  ///
  /// - Parameter text: `leastBytes` readable bytes, at any alignment.
  @inline(__always)
  public init?(run: RunID, at text: UnsafeRawPointer) {
    guard text.loadUnaligned(as: UInt64.self) == run.word,
      let sender = Digits.read(text, 8, isAfterSpace: true),
      let number = Digits.read(text, 16, isAfterSpace: true),
      let high = Digits.read(text, 24, isAfterSpace: true),
      let low = Digits.read(text, 32, isAfterSpace: false)
    else { return nil }
    self.init(sender: sender, number: number, due: Nanoseconds(high) * 100_000_000 + Int64(low))
  }

  /// Reads no more than who sent the message that begins at `text`, and which one it is.
  @inline(__always)
  static func names(run: RunID, at text: UnsafeRawPointer) -> (sender: Int, number: Int)? {
    guard text.loadUnaligned(as: UInt64.self) == run.word,
      let sender = Digits.read(text, 8, isAfterSpace: true),
      let number = Digits.read(text, 16, isAfterSpace: true)
    else { return nil }
    return (sender, number)
  }
}
