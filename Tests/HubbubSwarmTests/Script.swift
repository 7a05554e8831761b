import HubbubDial

/// The state of a scripted server: who is there, and which fault comes next.
struct Script {
  let fault: Fault
  let total: Int
  var members: [Member] = []
  var history: ScriptedHistory
  private var relayed = 0
  private var admitted = 0

  /// The node that died.
  private var deadNode: Int?

  /// Lines held back, and for whom; nil: for all of the room.
  private var held: [(line: Line, to: String?)] = []

  private struct Line {
    let text: String
    let sender: Member
    let number: Int
  }

  init(fault: Fault, total: Int, memory: ScriptedHistory.Memory) {
    self.fault = fault
    history = ScriptedHistory(memory)
    self.total = total
  }

  /// Whether a node takes connections.
  func isOpen(_ node: Int) -> Bool {
    guard let deadNode, case .dies(_, let after, let closedFor) = fault else { return true }
    return node != deadNode && relayed >= after + closedFor
  }

  /// Whether one more may come in.
  mutating func admit() -> Bool {
    admitted += 1
    if case .refuses(let most, _) = fault { return admitted <= most }
    return true
  }

  var refusal: String {
    if case .refuses(_, let words) = fault { return words }
    return ""
  }

  /// Lets a member in, or in again.
  mutating func join(_ newcomer: Member) {
    var me = newcomer
    if case .welcomesLate(let count) = fault, members.contains(where: { $0.isSame(as: me) }) {
      me.untilWelcome = count
    }
    members.removeAll { $0.isSame(as: me) }
    members.append(me)
    if me.untilWelcome == 0 { welcome(me) }
  }

  private func welcome(_ me: Member) {
    me.send(":\(me.nickname)!swarm@host JOIN \(me.room)")
    me.send(":scripted 366 \(me.nickname) \(me.room) :End of names")
  }

  mutating func part(_ leaver: Member) {
    guard let index = members.firstIndex(where: { $0.isSame(as: leaver) }) else { return }
    leaver.send(":\(leaver.nickname)!swarm@host PART \(leaver.room)")
    members[index].hasLeft = true
  }

  /// Tells `text` to the sender's room, with the fault.
  mutating func relay(_ text: String, from sender: Member) {
    relayed += 1
    let line = Line(text: text, sender: sender, number: relayed)
    switch fault {
    case .delays(let name, let most) where sender.nickname == name:
      held.append((line, nil))
      if held.count > most { letGo(1) }
    case .fallsSilent(let after) where relayed > after: return
    // What it had not read of those that it serves dies with it.
    case .dies where sender.node == deadNode: relayed -= 1
    default: deliver(line)
    }
    if relayed == total { letGo(held.count) }
    if case .dies(let node, relayed, _) = fault { die(node) }
  }

  private mutating func die(_ node: Int) {
    deadNode = node
    for member in members where member.node == node { member.connection.shutDown() }
    members.removeAll { $0.node == node }
  }

  private mutating func letGo(_ count: Int) {
    for _ in 0..<count {
      let (line, name) = held.removeFirst()
      if let name {
        for member in members where member.nickname == name { send(line, to: member) }
      } else {
        deliver(line)
      }
    }
  }

  private mutating func deliver(_ line: Line) {
    let room = line.sender.room
    history.note(
      room: room, id: "scripted-\(line.number)",
      line: ":\(line.sender.nickname)!swarm@host PRIVMSG \(room) :\(line.text)")
    for index in members.indices {
      if members[index].untilWelcome > 0 {
        members[index].untilWelcome -= 1
        if members[index].untilWelcome == 0 { welcome(members[index]) }
      }
      let member = members[index]
      if member.hasLeft, fault != .forgetsPart { continue }
      let isHere = member.room == line.sender.room || isLeak(line, to: member)
      let isMine = member.nickname == line.sender.nickname
      guard isHere, !isMine || member.hasEcho else { continue }
      deliver(line, to: member)
    }
  }

  private mutating func deliver(_ line: Line, to member: Member) {
    switch fault {
    case .loses(member.nickname, let every) where line.number % every == 0: break
    case .doubles(member.nickname, let every) where line.number % every == 0:
      send(line, to: member)
      send(line, to: member)
    case .reorders(member.nickname, let every)
    where line.number % every == 0 && line.number < total:
      held.append((line, member.nickname))
    case .reorders(member.nickname, _):
      send(line, to: member)
      letGo(held.count)
    case .favoursOthers(member.nickname, let most):
      held.append((line, member.nickname))
      if held.count > most { letGo(1) }
    case .ends(member.nickname, let after, let words) where line.number > after:
      member.send("ERROR :\(words)")
      // Only our side: to what the bot says meanwhile a reset would answer, which takes the words along.
      member.connection.socket.shutDownSending()
    case .kicks(member.nickname, let after):
      if line.number == after {
        member.send(":bot-0!swarm@host KICK \(member.room) \(member.nickname) :out")
      }
      send(line, to: member)
    default: send(line, to: member)
    }
  }

  private func isLeak(_ line: Line, to member: Member) -> Bool {
    if case .leaks(member.nickname, let every) = fault { return line.number % every == 0 }
    return false
  }

  private func send(_ line: Line, to member: Member) {
    var text = line.text
    if case .alters(member.nickname, let every) = fault, line.number % every == 0 {
      text.removeLast(3)
    }
    var second = line.number
    if case .turnsBackTime(let every) = fault, line.number % every == 0 { second -= every }
    let time = "2026-01-01T00:\(Self.two(second / 60 % 60)):\(Self.two(second % 60)).000Z"
    var id = "scripted-\(line.number)"
    if case .renumbers(member.nickname, let every) = fault, line.number % every == 0 { id += "b" }
    var (name, room) = (line.sender.nickname, line.sender.room)
    switch fault {
    case .repeatsIDs(name, let every) where line.number % every == 0:
      id = "scripted-\(line.number - 1)"
    case .misattributes(name, let other, let every) where line.number % every == 0: name = other
    case .misplaces(member.nickname, let every) where line.number % every == 0: room = "#elsewhere"
    default: break
    }
    member.send("@msgid=\(id);time=\(time) :\(name)!swarm@host PRIVMSG \(room) :\(text)")
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
