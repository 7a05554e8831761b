import HubbubBytes
import HubbubLog
import IRCWire

// All of a person that actions decide by, as nodes tell each other of it.

extension Member {
  /// Under the registry's lock.
  func write(to writer: inout ByteWriter) {
    writer.write(id)
    profile.write(to: &writer)
    writer.write(lastSpoke)
    writer.write(list: sessions) { writer, session in
      writer.write(session.id)
      writer.write(session.isOperating)
      writer.write(optional: absence(of: session))
      writer.write(optional: session.credential) { $0.write($1) }
    }
    writer.write(optional: actsBy) { $0.write($1.id) }
    writer.write(list: rooms) { $0.write($1.number) }
    writer.write(list: invitations) { $0.write($1.number) }
    writer.write(isExpelled)
  }

  /// Makes a person that `write` has written, whose connections are to other nodes.
  static func restored(
    from reader: inout ByteReader, _ rooms: [Int: Room], reading outbox: Outbox
  ) throws(ByteReader.Malformed) -> Member {
    let member = Member(id: try reader.number(), profile: try Profile(from: &reader))
    member.recordSpeech(at: try reader.time())
    _ = try reader.list { (reader) throws(ByteReader.Malformed) in
      let session = MemberSession(id: try reader.number(), of: member, outbox: outbox)
      session.isOperating = try reader.flag()
      member.setAbsence(try reader.optionalText(), of: session)
      session.credential = try reader.optional { (reader) throws(ByteReader.Malformed) in
        try reader.data()
      }
    }
    let actor = try reader.optional { (reader) throws(ByteReader.Malformed) in
      try reader.number()
    }
    if let actor { member.remove(MemberSession(id: actor, of: member, outbox: outbox)) }
    func listed(_ reader: inout ByteReader) throws(ByteReader.Malformed) -> [Room] {
      try reader.list { (reader) throws(ByteReader.Malformed) in
        guard let room = rooms[try reader.int()] else {
          throw ByteReader.Malformed("somebody is in a room that is not there")
        }
        return room
      }
    }
    let entered = try listed(&reader)
    let invitations = try listed(&reader)
    member.restore(rooms: entered, invitations: invitations, expelled: try reader.flag())
    return member
  }
}
