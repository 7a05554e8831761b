import Glibc

/// Under whose name, and in which room, messages arrive (M11).
///
/// A message says itself who sent it, so a server that puts it under another name is found out. The
/// beginnings of lines that are as expected are known by a hash, eight bytes at a time; only others
/// are taken apart.
struct Provenance: Sendable {
  /// What a message that is not as expected claimed: under whose name it came, and for which room.
  struct Claim: Sendable, Hashable {
    var sender: Int
    var nickname: String
    var target: String
  }

  private(set) var claims: [Claim: Int] = [:]

  /// The nicknames that the senders asked for, in their order; a server may have given others.
  private let names: [String]
  private let room: String

  /// By sender, the hash of the beginning of a line that was found to be right.
  private var right: [UInt64]

  init(names: [String], room: String) {
    self.names = names
    self.room = room
    right = Array(repeating: 0, count: names.count)
  }

  /// Notes the line of a message of `sender`, whose text begins at `text`.
  @inline(__always)
  mutating func note(_ sender: Int, _ line: UnsafeRawPointer, _ text: UnsafeRawPointer) {
    guard names.indices.contains(sender) else { return }
    var start = line
    if start.load(as: UInt8.self) == UInt8(ascii: "@"), let space = memchr(start, 32, text - start)
    {
      start = UnsafeRawPointer(space) + 1
    }
    let hash = Self.hash(start, text)
    if hash != right[sender] { look(sender, start, text, hash) }
  }

  /// A line's beginning is at least `:n PRIVMSG #r :`, so that there are eight bytes to load.
  private static func hash(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) -> UInt64 {
    guard end - start >= 8 else { return 1 }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var place = start
    while place + 8 <= end {
      hash = (hash ^ place.loadUnaligned(as: UInt64.self)) &* 0x100_0000_01B3
      hash ^= hash >> 29
      place += 8
    }
    hash = (hash ^ (end - 8).loadUnaligned(as: UInt64.self)) &* 0x100_0000_01B3
    return (hash ^ UInt64(end - start)) | 1
  }

  private mutating func look(
    _ sender: Int, _ start: UnsafeRawPointer, _ text: UnsafeRawPointer, _ hash: UInt64
  ) {
    let raw = UnsafeRawBufferPointer(start: start, count: text - start)
    let words = raw.split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
    guard words.count >= 3, words[0].hasPrefix(":") else { return }
    let nickname = String(words[0].dropFirst().prefix { $0 != "!" && $0 != "@" })
    guard nickname != names[sender] || words[2] != room else {
      right[sender] = hash
      return
    }
    claims[Claim(sender: sender, nickname: nickname, target: words[2]), default: 0] += 1
  }
}
