import IRCWire

/// Whether a bot is in its room, as the server told it, and what it heard when it was not (M11).
///
/// The server's own lines say when: nothing of the room may come between the bot's PART, or a KICK
/// of it, and its next JOIN. What is under way at that moment is no matter, since one connection
/// has one order.
struct Membership: Sendable {
  enum Place: Sendable {
    case inRoom
    case left
    case kicked

    /// It has asked to come back, and was not told yet that it is.
    case joining
  }

  private(set) var place = Place.inRoom

  /// The server's name for this bot.
  private(set) var nickname: String
  private let room: String

  /// Messages of the room that it heard after its PART, after a KICK, and before its JOIN.
  private(set) var outside = Outside()

  /// Who kicked it, and with which words.
  private(set) var kicks: [String] = []

  struct Outside: Sendable, Equatable {
    var afterPart = 0
    var afterKick = 0
    var beforeJoin = 0
    var all: Int { afterPart + afterKick + beforeJoin }
  }

  init(nickname: String, room: String) {
    self.nickname = nickname
    self.room = room
  }

  /// Notes that it has asked to be let in again.
  mutating func askToJoin() {
    if place == .left { place = .joining }
  }

  /// Notes that it is in the room over a new connection.
  mutating func comeBack(as nickname: String) {
    self.nickname = nickname
    place = .inRoom
  }

  /// Notes that a message of the room arrived.
  @inline(__always)
  mutating func noteMessage() {
    switch place {
    case .inRoom: break
    case .left: outside.afterPart += 1
    case .kicked: outside.afterKick += 1
    case .joining: outside.beforeJoin += 1
    }
  }

  /// Looks at a line that is no message of the run.
  mutating func note(_ line: UnsafeRawBufferPointer, command: Slice<UnsafeRawBufferPointer>) {
    guard Self.commands.contains(where: { command.elementsEqual($0) }) else { return }
    let bytes = line.last == 13 ? UnsafeRawBufferPointer(rebasing: line.dropLast()) : line
    // A line that is no message says nothing of anybody's place.
    guard let message = try? Message(parsing: bytes), let first = message.parameters.first else {
      return
    }
    let isMine = message.source?.name == nickname
    switch message.command {
    case "NICK" where isMine: nickname = first
    case "JOIN" where isMine && isRoom(first): place = .inRoom
    case "PART" where isMine && isRoom(first): place = .left
    case "KICK" where message.parameters.count > 1:
      guard isRoom(first), message.parameters[1] == nickname else { return }
      place = .kicked
      kicks.append("\(message.source?.name ?? "the server"): \(message.parameters.last ?? "")")
    default: break
    }
  }

  private static let commands = ["JOIN", "PART", "KICK", "NICK"].map { Array($0.utf8) }

  private func isRoom(_ name: String) -> Bool { name.lowercased() == room }
}
