import HubbubRooms
import HubbubWeb
import IRCWire

/// Keeping people away from the whole server: KLINE, DLINE and their opposites.
let serverBanCommands: [String: Command] = [
  "KLINE": Command(
    .registered, parameters: 1, usage: "[<duration>] <user@host> | <nickname> [:<reason>]"
  ) {
    $0.ban("KLINE", $1.parameters, ServerBan.Target.init(userMask:_:))
  },
  "UNKLINE": Command(.registered, parameters: 1, usage: "<user@host> | <nickname>") {
    $0.lift("UNKLINE", $1.parameters[0], ServerBan.Target.init(userMask:_:))
  },
  "DLINE": Command(
    .registered, parameters: 1,
    usage: "[<duration>] <address>[/<bits>] | <nickname> [:<reason>]"
  ) {
    $0.ban("DLINE", $1.parameters, ServerBan.Target.init(network:_:))
  },
  "UNDLINE": Command(.registered, parameters: 1, usage: "<address>[/<bits>] | <nickname>") {
    $0.lift("UNDLINE", $1.parameters[0], ServerBan.Target.init(network:_:))
  },
]

extension Session {
  // MARK: Setting and lifting

  /// Reads whom an operator means.
  fileprivate typealias TargetReader = (String, ServerBan.Target.Lookup) throws(BanMisuse) ->
    ServerBan.Target

  /// `KLINE [<duration>] <mask> [:<reason>]`, and DLINE with an address
  ///
  /// A duration is `30s`, `5m`, `1h`, `7d`, `2w` or a number of minutes; without one, or with 0, it
  /// is for ever.
  fileprivate func ban(
    _ command: String, _ parameters: [String], _ target: TargetReader
  ) {
    guard isOperating() else { return }
    do throws(BanMisuse) {
      var rest = parameters[...]
      let duration = try Self.takeDuration(&rest)
      let now = Timestamp.now
      let expiresAt = duration.map {
        Timestamp(milliseconds: now.milliseconds + Int64($0 / .milliseconds(1)))
      }
      let reason = rest.dropFirst().joined(separator: " ").cut(toBytes: hub.limits.kickBytes)
      enforce(
        ServerBan(
          target: try target(rest.first!, address(of:)), reason: reason, setBy: source, setAt: now,
          expiresAt: expiresAt), command)
    } catch {
      notice(error.text)
    }
  }

  /// Where somebody comes from.
  private func address(of nickname: String) -> IPAddress? {
    let person = hub.registry.member(named: nickname)
    let origin = person?.sessions.last?.origin ?? person?.profile
    return origin.flatMap { IPAddress($0.peerAddress) }
  }

  /// Where somebody is banned from who has the nickname or had it: the ban may have ended it, and
  /// another may have its name by now.
  private func bannedAddress(of nickname: String) -> IPAddress? {
    let former = hub.registry.formerHolders(of: nickname).compactMap { IPAddress($0.peerAddress) }
    let addresses = [address(of: nickname)].compactMap { $0 } + former
    let targets = Set(hub.bans.all(at: .now).map(\.target))
    return addresses.first { address in
      targets.contains(.network(AddressRange(address)))
        || targets.contains(.mask(UserHostMask(everybodyFrom: address)))
    } ?? addresses.first
  }

  /// Takes the duration from the front of the parameters, where there is one; nil is for ever.
  ///
  /// Whoever gives three means one: it would be a ban for ever of something else.
  private static func takeDuration(_ parameters: inout ArraySlice<String>) throws(BanMisuse)
    -> Duration?
  {
    guard parameters.count > 1, let word = parameters.first else { return nil }
    guard let duration = duration(word) else {
      if parameters.count > 2 {
        throw BanMisuse("'\(word)' is no duration, as in \(ServerBan.Target.durations).")
      }
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
    do throws(Hub.BanFailure) { try hub.set(ban) } catch { return answer(error) }
    let until = ban.expiresAt.map { "until \($0)" } ?? "for ever"
    audit(
      command,
      ["target": "\(ban.target)", "until": "\(until)", "reason": "\(ban.reason)"])
    save()
    let ended = hub.endThose(whoMatch: ban)
    notice("\(ban.target) is banned \(until); connections ended: \(ended).")
  }

  /// `UNKLINE <mask>`, `UNDLINE <address>`
  fileprivate func lift(
    _ command: String, _ text: String, _ target: TargetReader
  ) {
    guard isOperating() else { return }
    do throws(BanMisuse) {
      let target = try target(text, bannedAddress(of:))
      do throws(Hub.BanFailure) {
        let ban = try hub.liftBan(of: target)
        audit(command, ["target": "\(ban.target)"])
        save()
        notice("\(ban.target) is no longer banned.")
      } catch .noSuchBan {
        notice("There is no ban of '\(text)'; STATS k lists all.")
      } catch {
        answer(error)
      }
    } catch {
      notice(error.text)
    }
  }

  private func answer(_ failure: Hub.BanFailure) {
    switch failure {
    case .tooMany:
      notice("There are \(hub.limits.serverBans) bans already, which is the limit.")
    case .noSuchBan: notice("There is no such ban.")
    case .unavailable:
      reply(
        .tryAgain, [commandName],
        trailing: "Please wait a while and try again: the servers cannot agree at the moment")
    }
  }

  private func save() {
    // The disk may be slow, and the others need not wait for what this client said before.
    flush()
    deliverPending()
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
    case .mask(let mask): return ("K", word("\(mask.host)"), word("\(mask.user)"))
    }
  }

  /// What can stand in the middle of a line.
  private static func word(_ text: String) -> String { IPAddress.asHost(text) }
}
