import FoundationEssentials
import HubbubRooms
import IRCWire

/// What a person goes on with who stays in its rooms without a connection: as whom, and where.
struct StayingState: Codable, Equatable {
  let nickname: String
  let userName: String
  let address: String
  let realName: String
  let rooms: [String]

  /// Those that it operates.
  let operated: [String]?

  /// Since when it has no connection, in milliseconds since 1970.
  let since: Int64

  /// How far its devices have read, by their names and the numbers of rooms.
  var read: [String: [String: UInt64]]

  init(of person: Member, since: Timestamp, read: [String: [String: UInt64]]) {
    let profile = person.profile
    nickname = profile.nickname
    userName = profile.userName
    address = profile.peerAddress
    realName = profile.realName
    let inside = person.rooms
    rooms = inside.map(\.name)
    operated = inside.filter { $0.view(by: person).own?.status.contains(.operating) == true }
      .map(\.name)
    self.since = since.milliseconds
    self.read = read
  }

  /// How far a device has read; nil for one that was never here.
  func lastRead(on device: String) -> [String: UInt64]? { read[FoldedName(device).text] }

  /// JSON, for `StayingPerson.state`.
  var stored: String {
    let encoder = JSONEncoder()
    // The same state is the same text: it is written once.
    encoder.outputFormatting = .sortedKeys
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("What a person goes on with is text and numbers.")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// - Parameter stored: nil for what was not written by `stored`.
  init?(stored: String) {
    guard let state = try? JSONDecoder().decode(Self.self, from: Data(stored.utf8)) else {
      return nil
    }
    self = state
  }
}
