import IRCWire

/// What an event gets with its place in a log: its time and its message id.
public struct EventPlace: Sendable {
  public let time: Timestamp

  /// Drawn from the clock for it.
  public let stamp: UInt64
  private let idPrefix: [UInt8]

  /// The number behind the prefix; nil where that is the whole id.
  private let sequence: UInt64?

  /// An event that stands in no room.
  public init(_ time: Timestamp, id: [UInt8], stamp: UInt64) {
    self.time = time
    self.stamp = stamp
    idPrefix = id
    sequence = nil
  }

  /// The id is the room's epoch and the sequence number.
  init(_ time: Timestamp, epoch: [UInt8], _ sequence: UInt64, stamp: UInt64) {
    self.time = time
    self.stamp = stamp
    idPrefix = epoch
    self.sequence = sequence
  }

  /// The message id.
  var id: [UInt8] {
    var bytes: [UInt8] = []
    appendID(to: &bytes)
    return bytes
  }

  /// Appends the message id.
  func appendID(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: idPrefix)
    guard var rest = sequence else { return }
    bytes.append(UInt8(ascii: "-"))
    // From the last digit to the first: 20 hold any number.
    var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &digits) { digits in
      var start = digits.count
      repeat {
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: digits[start...]))
    }
  }
}
