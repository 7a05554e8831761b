import FoundationEssentials
import HubbubRooms
import HubbubStore
import IRCWire

extension KeptRoom {
  /// As it is written down.
  private struct Form: Codable {
    struct Entry: Codable {
      let list: String
      let mask: String
      let by: String
      let at: Int64
    }

    var created: Int64
    var topic: String?
    var topicBy: String?
    var topicAt: Int64?
    var modes: [String]
    var lists: [Entry]
    var visibility: String?
  }

  /// JSON, for `RegisteredRoom.state`.
  var stored: String {
    let form = Form(
      created: createdAt.milliseconds, topic: topic?.text, topicBy: topic?.setBy,
      topicAt: topic?.setAt.milliseconds, modes: modes,
      lists: entries.map {
        Form.Entry(
          list: "\($0.list)", mask: $0.mask, by: $0.setBy, at: $0.setAt.milliseconds)
      }, visibility: visibility?.rawValue)
    guard let data = try? JSONEncoder().encode(form) else {
      preconditionFailure("What a room keeps is text and numbers.")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// - Parameter stored: nil for what was not written by `stored`.
  init?(named name: String, stored: String) {
    guard let form = try? JSONDecoder().decode(Form.self, from: Data(stored.utf8)) else {
      return nil
    }
    let topic = form.topic.map {
      Topic(
        text: $0, setBy: form.topicBy ?? "*", setAt: Timestamp(milliseconds: form.topicAt ?? 0))
    }
    self.init(
      name: name, createdAt: Timestamp(milliseconds: form.created), topic: topic,
      modes: form.modes,
      entries: form.lists.compactMap { entry in
        entry.list.first.map {
          Entry(
            list: $0, mask: entry.mask, setBy: entry.by, setAt: Timestamp(milliseconds: entry.at))
        }
      }, visibility: form.visibility.flatMap(RoomRegistration.Visibility.init))
  }
}

extension RoomRegistration.Standing {
  /// As the account file has it.
  init(_ stored: RoomAccess.Standing) {
    self =
      switch stored {
      case .deny: .denied
      case .voice: .voiced
      case .halfOperator: .assisting
      case .op: .operating
      case .founder: .founder
      }
  }
}

extension RoomAccess.Standing {
  /// `founder|op|halfop|voice|deny`
  var word: String {
    switch self {
    case .deny: "deny"
    case .voice: "voice"
    case .halfOperator: "halfop"
    case .op: "op"
    case .founder: "founder"
    }
  }

  init?(word: String) {
    guard let found = Self.allCases.first(where: { $0.word == word.lowercased() }) else {
      return nil
    }
    self = found
  }
}

extension AccountService {
  /// The rooms that are kept, as they were. What cannot be read of one is as in a new room.
  var keptRooms: [(room: KeptRoom, registration: RoomRegistration)] {
    store.read { book in
      book.everyRoom.map { room in
        let kept =
          KeptRoom(named: room.name, stored: room.state)
          ?? KeptRoom(
            name: room.name, createdAt: Timestamp(milliseconds: room.created), topic: nil,
            modes: ["+nt"], entries: [])
        var registration = registration(of: room, book)
        registration.visibility = kept.visibility
        return (kept, registration)
      }
    }
  }

  /// Who may do what in a room.
  func registration(of room: RegisteredRoom, _ book: AccountBook) -> RoomRegistration {
    var access: [String: RoomRegistration.Standing] = [:]
    for (id, standing) in book.accessList(of: room.stream) {
      if let name = book.account(id)?.name { access[name] = .init(standing) }
    }
    return RoomRegistration(number: room.stream.rawValue, access: access)
  }
}
