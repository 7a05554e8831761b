import HubbubRooms
import HubbubStore
import IRCWire

extension AccountAdministration {
  /// What came of an import.
  public struct Imported: Encodable, Sendable {
    public var accounts = 0
    public var rooms = 0

    /// Accounts whose passwords cannot be used here: a code sets another.
    public var withoutPassword: [String] = []

    /// What was passed over, with the reason.
    public var passedOver: [String] = []
  }

  /// Makes the accounts and rooms of another server that are not here yet.
  ///
  /// Passwords go on where they are hashed as crypt(5) knows it (bcrypt, as Ergo and Anope have
  /// it).
  public func importAll(from path: String) throws(Failure) -> Imported {
    try checkWhose()
    let export = try AccountExport.read(path)
    var result = Imported()
    for user in export.users.values.sorted(by: { $0.name < $1.name }) {
      do throws(AccountError) {
        guard isName(user.name) else {
          result.passedOver.append("\(user.name): no nickname here")
          continue
        }
        try add(user, &result)
      } catch {
        result.passedOver.append("\(user.name): \(error.answer.text)")
      }
    }
    for room in (export.channels ?? [:]).values.sorted(by: { $0.name < $1.name }) {
      do throws(AccountError) { try add(room, &result) } catch {
        result.passedOver.append("\(room.name): \(error.answer.text)")
      }
    }
    return result
  }

  private func isName(_ name: String) -> Bool {
    Names.isNickname(name, limit: Limits().nicknameBytes) && !Session.isGuestName(name)
  }

  private func add(
    _ user: AccountExport.User, _ result: inout Imported
  ) throws(AccountError) {
    let hash = user.hash.flatMap { PasswordHash.isHash($0) ? $0 : nil }
    let account = try store.importAccount(
      user.name, hash: hash, created: user.registeredAt.map { $0 * 1000 }, actor: Self.actor)
    result.accounts += 1
    if hash == nil { result.withoutPassword.append(user.name) }
    for nickname in user.additionalNicks ?? [] where isName(nickname) {
      do throws(AccountError) {
        try store.addNickname(nickname, to: account.id, actor: Self.actor)
      } catch { result.passedOver.append("\(nickname) of \(user.name): \(error.answer.text)") }
    }
    for text in user.certfps ?? [] {
      guard let fingerprint = Session.certificateBytes(text) else { continue }
      do throws(AccountError) {
        try store.addCertificate(fingerprint, user.name, to: account.id, actor: Self.actor)
      } catch {
        result.passedOver.append("a certificate of \(user.name): \(error.answer.text)")
      }
    }
  }

  private func add(
    _ room: AccountExport.Room, _ result: inout Imported
  ) throws(AccountError) {
    guard Names.isChannel(room.name, limit: Limits().roomNameBytes) else {
      return result.passedOver.append("\(room.name): no room can be called so here")
    }
    guard let founder = store.read({ $0.account(named: room.founder) }) else {
      return result.passedOver.append("\(room.name): its founder \(room.founder) is not here")
    }
    let stream = try store.makeStream()
    _ = try store.registerRoom(
      room.name, stream, founder: founder.id, state: kept(room).stored, visibility: .members,
      from: 0, actor: Self.actor)
    result.rooms += 1
    for (name, letter) in room.amode ?? [:] where FoldedName(name) != FoldedName(founder.name) {
      guard let account = store.read({ $0.account(named: name) }),
        let standing = Self.standings[letter]
      else { continue }
      do throws(AccountError) {
        try store.setAccess(stream, account.id, standing, actor: Self.actor)
      } catch { result.passedOver.append("\(name) in \(room.name): \(error.answer.text)") }
    }
  }

  private static let standings: [String: RoomAccess.Standing] = [
    "q": .op, "a": .op, "o": .op, "h": .halfOperator, "v": .voice,
  ]

  private func kept(_ room: AccountExport.Room) -> KeptRoom {
    // Of the modes those that are flags here as well; key and limit stand apart.
    let flags = (room.modes ?? "nt").filter { "CMRUimnst".contains($0) }
    var letters = flags
    var parameters: [String] = []
    if let key = room.key, !key.isEmpty {
      letters += "k"
      parameters.append(key)
    }
    if let limit = room.limit, limit > 0 {
      letters += "l"
      parameters.append("\(limit)")
    }
    let time = Timestamp(milliseconds: (room.registeredAt ?? 0) * 1000)
    let topic = room.topic.flatMap { text in
      text.isEmpty
        ? nil
        : Topic(
          text: text, setBy: room.topicSetBy ?? "*",
          setAt: Timestamp(milliseconds: (room.topicSetAt ?? 0) * 1000))
    }
    return KeptRoom(
      name: room.name, createdAt: time, topic: topic, modes: ["+\(letters)"] + parameters,
      entries: [])
  }
}
