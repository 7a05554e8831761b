import HubbubBytes
import IRCWire

// Actions as nodes tell each other of them. A number once given to a kind of deed stays its own.

extension Action.Deed {
  /// Which number says what kind of deed follows.
  enum Code: UInt8 {
    case say = 1
    case tell, wallops, announceKill, relay, redact, redactPrivately, join, part, kick, invite
    case setTopic, changeModes, keepRoom, setStanding, setVisibility, renameRoom, changeNickname
    case register, logIn, renamePerson, setAway, setRealName, setAddress, changeUserModes, quit
    case expel, keep, amend, dismiss, release, notify
    case dismissAll, forgetWords
  }

  func write(to writer: inout ByteWriter) {
    writer.write(byte: code.rawValue)
    switch self {
    case .say, .tell, .wallops, .relay, .redact, .redactPrivately: writeSpeech(to: &writer)
    case .join, .part, .kick, .invite, .setTopic, .changeModes, .keepRoom, .setStanding,
      .setVisibility, .renameRoom:
      writeOfRoom(to: &writer)
    default: writeOfPerson(to: &writer)
    }
  }

  private var code: Code {
    switch self {
    case .say: .say
    case .tell: .tell
    case .wallops: .wallops
    case .announceKill: .announceKill
    case .relay: .relay
    case .redact: .redact
    case .redactPrivately: .redactPrivately
    case .join: .join
    case .part: .part
    case .kick: .kick
    case .invite: .invite
    case .setTopic: .setTopic
    case .changeModes: .changeModes
    case .keepRoom: .keepRoom
    case .setStanding: .setStanding
    case .setVisibility: .setVisibility
    case .renameRoom: .renameRoom
    case .changeNickname: .changeNickname
    case .register: .register
    case .logIn: .logIn
    case .renamePerson: .renamePerson
    case .setAway: .setAway
    case .setRealName: .setRealName
    case .setAddress: .setAddress
    case .changeUserModes: .changeUserModes
    case .quit: .quit
    case .expel: .expel
    case .keep: .keep
    case .amend: .amend
    case .dismiss: .dismiss
    case .release: .release
    case .notify: .notify
    case .dismissAll: .dismissAll
    case .forgetWords: .forgetWords
    }
  }

  private func writeSpeech(to writer: inout ByteWriter) {
    switch self {
    case .say(let speeches, let room, let status):
      writer.write(list: speeches) { $1.write(to: &$0) }
      // The room is looked up where it is said; the name alone is the same to every node.
      writer.write(room.name)
      writer.write(optional: status) { $0.write(byte: $1.rawValue) }
    case .tell(let speech, let nickname, let id):
      speech.write(to: &writer)
      writer.write(nickname)
      writer.write(id)
    case .wallops(let text, let id):
      writer.write(text)
      writer.write(id)
    case .relay(let speech, let source, let room, let isTrusted):
      speech.write(to: &writer)
      writer.write(source)
      writer.write(room)
      writer.write(isTrusted)
    case .redact(let id, let reason, let room, let storedIn, let isOwn, let asServer):
      writer.write(id)
      writer.write(optional: reason)
      writer.write(room)
      writer.write(optional: storedIn) { $0.write($1) }
      writer.write(isOwn)
      writer.write(asServer)
    case .redactPrivately(let id, let reason, let nickname, let newID):
      writer.write(id)
      writer.write(optional: reason)
      writer.write(nickname)
      writer.write(newID)
    default: preconditionFailure("This deed says nothing.")
    }
  }

  private func writeOfRoom(to writer: inout ByteWriter) {
    switch self {
    case .join(let room, let key, let isReturn):
      writer.write(room)
      writer.write(optional: key)
      writer.write(isReturn)
    case .part(let room, let reason):
      writer.write(room)
      writer.write(optional: reason)
    case .kick(let nickname, let room, let comment):
      writer.write(nickname)
      writer.write(room)
      writer.write(comment)
    case .invite(let nickname, let room, let id):
      writer.write(nickname)
      writer.write(room)
      writer.write(id)
    case .setTopic(let text, let room):
      writer.write(text)
      writer.write(room)
    case .changeModes(let requests, let room, let asServer, let masksPerList):
      writer.write(list: requests) { $1.write(to: &$0) }
      writer.write(room)
      writer.write(asServer)
      writer.write(masksPerList)
    case .keepRoom(let registration, let room, let asServer):
      writer.write(optional: registration) { $1.write(to: &$0) }
      writer.write(room)
      writer.write(asServer)
    case .setStanding(let standing, let account, let room):
      writer.write(optional: standing) { $0.write(byte: $1.code) }
      writer.write(account)
      writer.write(room)
    case .setVisibility(let visibility, let room):
      writer.write(optional: visibility?.rawValue)
      writer.write(room)
    case .renameRoom(let room, let wanted, let reason):
      writer.write(room)
      writer.write(wanted)
      writer.write(reason)
    default: preconditionFailure("This deed is not about a room.")
    }
  }

  private func writeOfPerson(to writer: inout ByteWriter) {
    switch self {
    case .announceKill(let nickname, let reason, let id):
      writer.write(nickname)
      writer.write(reason)
      writer.write(id)
    case .changeNickname(let nickname, let asWish):
      writer.write(nickname)
      writer.write(asWish)
    case .register(let isApart): writer.write(isApart)
    case .logIn(let account, let isApart, let credential):
      writer.write(optional: account)
      writer.write(isApart)
      writer.write(optional: credential) { $0.write($1) }
    case .renamePerson(let nickname, let other):
      writer.write(nickname)
      writer.write(other)
    case .setAway(let message): writer.write(optional: message)
    case .setRealName(let name): writer.write(name)
    case .setAddress(let userName, let host, let nickname):
      writer.write(userName)
      writer.write(host)
      writer.write(nickname)
    case .changeUserModes(let changes, let operatorName):
      writer.write(list: changes) { $1.write(to: &$0) }
      writer.write(optional: operatorName)
    case .quit(let reason, let silentReason, let stays):
      writer.write(optional: reason)
      writer.write(optional: silentReason)
      writer.write(stays)
    case .expel(let reason): writer.write(reason)
    case .keep(let book, let key, let value, let until):
      writer.write(book)
      writer.write(key)
      writer.write(optional: value) { $0.write($1) }
      writer.write(optional: until) { $0.write($1) }
    case .amend(let change): writer.write(change)
    case .release(let account): writer.write(account)
    case .notify(let text): writer.write(text)
    case .dismissAll(let account, let own, let reason):
      writer.write(UInt64(bitPattern: account))
      writer.write(optional: own) { $0.write($1) }
      writer.write(reason)
    case .forgetWords(let room): writer.write(room)
    case .dismiss(let sessions, let reason):
      writer.write(list: sessions) { $0.write($1) }
      writer.write(reason)
    default: preconditionFailure("This deed is not about a person.")
    }
  }
}
