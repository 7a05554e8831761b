/// Four bytes that name a message: its sender in the upper bits, its number in the lower ones.
///
/// A recipient notes one for each message that arrives, and does nothing more with it before the
/// run is over.
public struct MessageIDs: Sendable, Equatable {
  /// The bits that hold the number.
  let numberBits: Int

  /// The senders that there are.
  public let senders: Int

  public init(senders: Int) {
    precondition(senders > 0 && senders <= 65_536, "A swarm has 1 to 65,536 senders.")
    self.senders = senders
    numberBits = 32 - (Int.bitWidth - (senders - 1).leadingZeroBitCount)
  }

  /// The last number that a sender may give to a message.
  public var largestNumber: Int { min((1 << numberBits) - 1, Payload.largestNumber) }

  @inline(__always)
  public func id(sender: Int, number: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: sender &<< numberBits | number)
  }

  @inline(__always)
  public func sender(of id: UInt32) -> Int { Int(id) &>> numberBits }

  @inline(__always)
  public func number(of id: UInt32) -> Int { Int(id) & ((1 &<< numberBits) &- 1) }
}
