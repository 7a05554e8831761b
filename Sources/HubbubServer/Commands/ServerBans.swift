import HubbubRooms
import IRCWire

/// Keeping people away from the whole server: KLINE, DLINE and their opposites.
let serverBanCommands: [String: Command] = [
  "KLINE": Command(.registered, parameters: 1, usage: "[<duration>] <user@host> [:<reason>]") {
    $0.ban("KLINE", $1.parameters, ServerBan.Target.init(userMask:))
  },
  "UNKLINE": Command(.registered, parameters: 1, usage: "<user@host>") {
    $0.lift("UNKLINE", $1.parameters[0], ServerBan.Target.init(userMask:))
  },
  "DLINE": Command(.registered, parameters: 1, usage: "[<duration>] <address>[/<bits>] [:<reason>]")
  {
    $0.ban("DLINE", $1.parameters, ServerBan.Target.init(network:))
  },
  "UNDLINE": Command(.registered, parameters: 1, usage: "<address>[/<bits>]") {
    $0.lift("UNDLINE", $1.parameters[0], ServerBan.Target.init(network:))
  },
]

extension ServerBan.Target {
  /// A mask of `user@host` or a user in a network, `user@192.0.2.0/24`; a host alone is `*@host`.
  fileprivate init(userMask text: String) throws(Misuse) {
    let isNumber = text.first?.isNumber == true && !text.contains { "@.:*?/".contains($0) }
    guard !isNumber else {
      throw Misuse("'\(text)' is neither a mask of user@host nor a duration, as in \(durations).")
    }
    let mask = text.utf8.contains(UInt8(ascii: "@")) ? text : "*@\(text)"
    let isWord = !mask.contains("!") && mask.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    guard isWord, let target = Self(mask) else {
      throw Misuse("'\(text)' is no mask of user@host.")
    }
    guard !target.isEverybody else { throw Misuse("'\(text)' would ban everybody.") }
    self = target
  }

  fileprivate init(network text: String) throws(Misuse) {
    guard let range = AddressRange(text) else {
      throw Misuse("'\(text)' is neither an address nor a network, as in 192.0.2.0/24.")
    }
    self = .network(range)
    guard !isEverybody else { throw Misuse("'\(text)' would ban everybody.") }
  }

  private var isEverybody: Bool {
    func isOpen(_ mask: Mask) -> Bool {
      !mask.description.contains { $0.isLetter || $0.isNumber }
    }
    switch self {
    case .mask(let mask): return isOpen(mask)
    case .user(let mask, let range): return range.isEverything && isOpen(mask)
    case .network(let range): return range.isEverything
    }
  }
}

/// Durations as operators write them.
private let durations = "30s, 5m, 1h, 7d or 2w"

/// A ban that cannot be, with the reason as the operator is told it.
private struct Misuse: Error {
  let text: String

  init(_ text: String) { self.text = text }
}

extension Session {
  // MARK: Setting and lifting

  /// `KLINE [<duration>] <mask> [:<reason>]`, and DLINE with an address
  ///
  /// A duration is `30s`, `5m`, `1h`, `7d`, `2w` or a number of minutes; without one, or with 0, it is for ever.
  fileprivate func ban(
    _ command: String, _ parameters: [String], _ target: (String) throws(Misuse) -> ServerBan.Target
  ) {
    guard isOperating() else { return }
    do throws(Misuse) {
      var rest = parameters[...]
      let duration = try Self.takeDuration(&rest)
      let now = Timestamp.now
      let expiresAt = duration.map {
        Timestamp(milliseconds: now.milliseconds + Int64($0 / .milliseconds(1)))
      }
      let reason = rest.dropFirst().joined(separator: " ").cut(toBytes: hub.limits.kickBytes)
      enforce(
        ServerBan(
          target: try target(rest.first!), reason: reason, setBy: source, setAt: now,
          expiresAt: expiresAt), command)
    } catch {
      notice(error.text)
    }
  }

  /// Takes the duration from the front of the parameters, where there is one; nil is for ever.
  ///
  /// Whoever gives three means one: it would be a ban for ever of something else.
  private static func takeDuration(_ parameters: inout ArraySlice<String>) throws(Misuse)
    -> Duration?
  {
    guard parameters.count > 1, let word = parameters.first else { return nil }
    guard let duration = duration(word) else {
      if parameters.count > 2 { throw Misuse("'\(word)' is no duration, as in \(durations).") }
      return nil
    }
    parameters.removeFirst()
    return duration == .zero ? nil : duration
  }

  private static func duration(_ text: String) -> Duration? {
    let duration =
      Quantity.number(text).map { .seconds(60 * min($0, 1 << 32)) } ?? Quantity.duration(text)
    return duration.flatMap { $0 < .seconds(1 << 32) ? $0 : nil }
  }

  private func enforce(_ ban: ServerBan, _ command: String) {
    guard hub.bans.add(ban, upTo: hub.limits.serverBans) else {
      return notice("There are \(hub.limits.serverBans) bans already, which is the limit.")
    }
    let until = ban.expiresAt.map { "until \($0)" } ?? "for ever"
    audit(
      command,
      ["target": "\(ban.target)", "until": "\(until)", "reason": "\(ban.reason)"])
    save()
    let ended = endThose(whoMatch: ban)
    notice("\(ban.target) is banned \(until); connections ended: \(ended).")
  }

  /// Ends those who are here. Not operators, who would keep themselves out by a slip.
  ///
  /// Also those who are not registered yet: they have passed the check at the door, or will come to it.
  private func endThose(whoMatch ban: ServerBan) -> Int {
    var count = 0
    for client in hub.clients.all {
      let profile = client.member.profile
      let address = AddressRange.address(profile.peerAddress)
      guard !profile.isOperator, ban.matches(profile.addresses, from: address),
        client.member.outbox.ending == nil
      else { continue }
      client.end(ban.explanation)
      count += 1
    }
    return count
  }

  /// `UNKLINE <mask>`, `UNDLINE <address>`
  fileprivate func lift(
    _ command: String, _ text: String, _ target: (String) throws(Misuse) -> ServerBan.Target
  ) {
    guard isOperating() else { return }
    do throws(Misuse) {
      guard let ban = hub.bans.remove(try target(text)) else {
        return notice("There is no ban of '\(text)'; STATS k lists all.")
      }
      audit(command, ["target": "\(ban.target)"])
      save()
      notice("\(ban.target) is no longer banned.")
    } catch {
      notice(error.text)
    }
  }

  private func save() {
    // The disk may be slow, and the others need not wait for what this client said before.
    flush()
    finishRead()
    if let reason = hub.saveBans() {
      notice("The bans hold, but could not be written to their file: \(reason).")
    }
  }

  // MARK: Listing

  /// `STATS k`: a line for each ban, for operators. The end of the list is the caller's.
  func statsBans() {
    guard isOperating() else { return }
    for ban in hub.bans.all(at: .now) {
      let until = ban.expiresAt.map { "until \($0)" } ?? "for ever"
      let (kind, host, user) = Self.words(of: ban.target)
      reply(
        .statsBan, [kind, host, "*", user],
        trailing: "\(ban.reason.isEmpty ? "no reason" : ban.reason) (\(until), by \(ban.setBy))")
    }
  }

  /// As in "RPL_STATSKLINE K <host> * <username>" of RFC 1459; D for addresses.
  private static func words(of target: ServerBan.Target) -> (String, String, String) {
    switch target {
    case .network(let range): return ("D", word("\(range)"), "*")
    case .user(let mask, let range): return ("K", word("\(range)"), word(mask.description))
    case .mask(let mask):
      let parts = mask.description.split(separator: "@", omittingEmptySubsequences: false)
      return ("K", word(parts.dropFirst().joined(separator: "@")), word(String(parts[0])))
    }
  }

  /// What can stand in the middle of a line. An IPv6 address that begins with a colon would be taken for a trailing
  /// parameter.
  private static func word(_ text: String) -> String {
    text.isEmpty ? "*" : text.hasPrefix(":") ? "0\(text)" : text
  }
}
