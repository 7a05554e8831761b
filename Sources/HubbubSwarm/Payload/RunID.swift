import HubbubThreads

/// The name of one run of the swarm: the eight characters with which each of its messages begins.
///
/// It keeps the messages of an earlier run, or of another swarm in the same room, out of the
/// figures.
public struct RunID: Sendable, Equatable, CustomStringConvertible {
  /// The eight characters as they stand in memory, so that one comparison recognises a message.
  let word: UInt64

  private static let prefix = Array("hb".utf8)
  private static let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)

  /// A name drawn from `random`.
  public init(using random: inout SplitMix64) {
    var bytes = Self.prefix
    while bytes.count < 8 { bytes.append(Self.alphabet[Int(random.next() >> 59)]) }
    word = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
  }

  public var description: String {
    withUnsafeBytes(of: word) { String(decoding: $0, as: UTF8.self) }
  }
}
