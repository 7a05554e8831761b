import HubbubBytes
import IRCWire

extension Action.Deed {
  /// Reads what `write(to:)` has written.
  ///
  /// - Throws: also where the deed is of a kind that this version does not know: to pass it over
  ///   would lead to another state than that of the others.
  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    guard let code = Code(rawValue: try reader.byte()) else {
      throw ByteReader.Malformed("a deed is of an unknown kind")
    }
    switch code {
    case .say, .tell, .wallops, .relay, .redact, .redactPrivately:
      self = try Self.speech(code, &reader)
    case .join, .part, .kick, .invite, .setTopic, .changeModes, .keepRoom, .setStanding,
      .setVisibility, .renameRoom:
      self = try Self.ofRoom(code, &reader)
    default: self = try Self.ofPerson(code, &reader)
    }
  }

  private static func speech(
    _ code: Code, _ reader: inout ByteReader
  ) throws(ByteReader.Malformed) -> Self {
    switch code {
    case .say:
      let speeches = try reader.list { (reader) throws(ByteReader.Malformed) in
        try Speech(from: &reader)
      }
      let room = RoomReference(try reader.text())
      let status = try reader.optional { (reader) throws(ByteReader.Malformed) in
        try reader.status()
      }
      return .say(speeches, in: room, to: status)
    case .tell:
      return .tell(
        try Speech(from: &reader), to: try reader.text(), id: try reader.data())
    case .wallops: return .wallops(try reader.text(), id: try reader.data())
    case .relay:
      return .relay(
        try Speech(from: &reader), from: try reader.text(), in: try reader.text(),
        isTrusted: try reader.flag())
    case .redact:
      return .redact(
        id: try reader.text(), reason: try reader.optionalText(), in: try reader.text(),
        storedIn: try reader.optional { (reader) throws(ByteReader.Malformed) in
          try reader.data()
        },
        isOwn: try reader.flag(), asServer: try reader.flag())
    default:
      return .redactPrivately(
        id: try reader.text(), reason: try reader.optionalText(), to: try reader.text(),
        newID: try reader.data())
    }
  }

  private static func ofRoom(
    _ code: Code, _ reader: inout ByteReader
  ) throws(ByteReader.Malformed) -> Self {
    switch code {
    case .join:
      return .join(
        try reader.text(), key: try reader.optionalText(), isReturn: try reader.flag())
    case .part: return .part(try reader.text(), reason: try reader.optionalText())
    case .kick:
      return .kick(try reader.text(), from: try reader.text(), comment: try reader.text())
    case .invite:
      return .invite(try reader.text(), to: try reader.text(), id: try reader.data())
    case .setTopic: return .setTopic(try reader.text(), in: try reader.text())
    case .changeModes:
      let requests = try reader.list { (reader) throws(ByteReader.Malformed) in
        try ModeRequest(from: &reader)
      }
      return .changeModes(
        requests, in: try reader.text(), asServer: try reader.flag(),
        masksPerList: try reader.int())
    case .keepRoom:
      let registration = try reader.optional { (reader) throws(ByteReader.Malformed) in
        try RoomRegistration(from: &reader)
      }
      return .keepRoom(registration, in: try reader.text(), asServer: try reader.flag())
    case .setStanding:
      let standing = try reader.optional { (reader) throws(ByteReader.Malformed) in
        try RoomRegistration.Standing(code: try reader.byte())
      }
      return .setStanding(standing, of: try reader.text(), in: try reader.text())
    case .setVisibility:
      return .setVisibility(try reader.visibility(), in: try reader.text())
    default:
      return .renameRoom(try reader.text(), to: try reader.text(), reason: try reader.text())
    }
  }

  private static func ofPerson(
    _ code: Code, _ reader: inout ByteReader
  ) throws(ByteReader.Malformed) -> Self {
    switch code {
    case .announceKill:
      return .announceKill(
        of: try reader.text(), reason: try reader.text(), id: try reader.data())
    case .changeNickname: return .changeNickname(try reader.text(), asWish: try reader.flag())
    case .register: return .register(isApart: try reader.flag())
    case .logIn:
      let (account, isApart) = (try reader.optionalText(), try reader.flag())
      let credential = try reader.optional { (reader) throws(ByteReader.Malformed) in
        try reader.data()
      }
      return .logIn(account, isApart: isApart, credential: credential)
    case .renamePerson: return .renamePerson(try reader.text(), to: try reader.text())
    case .setAway: return .setAway(try reader.optionalText())
    case .setRealName: return .setRealName(try reader.text())
    case .setAddress:
      return .setAddress(
        userName: try reader.text(), host: try reader.text(), of: try reader.text())
    case .changeUserModes:
      let changes = try reader.list { (reader) throws(ByteReader.Malformed) in
        try ModeChange(from: &reader)
      }
      return .changeUserModes(changes, operatorName: try reader.optionalText())
    case .expel: return .expel(reason: try reader.text())
    case .keep:
      let (book, key) = (try reader.text(), try reader.text())
      let value = try reader.optional { (reader) throws(ByteReader.Malformed) in
        try reader.data()
      }
      let until = try reader.optional { (reader) throws(ByteReader.Malformed) in
        try reader.time()
      }
      return .keep(book: book, key: key, value: value, until: until)
    case .amend: return .amend(try reader.data())
    case .release: return .release(account: try reader.text())
    case .notify: return .notify(try reader.text())
    case .dismissAll:
      let account = Int64(bitPattern: try reader.number())
      let own = try reader.optional { (reader) throws(ByteReader.Malformed) in
        try reader.number()
      }
      return .dismissAll(account: account, except: own, reason: try reader.text())
    case .forgetWords: return .forgetWords(in: try reader.text())
    case .dismiss:
      let sessions = try reader.list { (reader) throws(ByteReader.Malformed) in
        try reader.number()
      }
      return .dismiss(sessions, reason: try reader.text())
    default:
      return .quit(
        reason: try reader.optionalText(), silentReason: try reader.optionalText(),
        stays: try reader.flag())
    }
  }
}
