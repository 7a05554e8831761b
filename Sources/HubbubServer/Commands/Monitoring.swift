import HubbubRooms
import IRCWire

/// Being told of others' coming and going: MONITOR (IRCv3), ISON, USERHOST.
let monitorCommands: [String: Command] = [
  "MONITOR": Command(.registered, parameters: 1, usage: "+|- <nickname>{,<nickname>} | C | L | S") {
    $0.monitor($1.parameters)
  },
  "ISON": Command(.registered, parameters: 1, usage: "<nickname> [<nickname>…]") {
    $0.isOn($1.parameters)
  },
  "USERHOST": Command(.registered, parameters: 1, usage: "<nickname> [<nickname>…]") {
    $0.userHost($1.parameters)
  },
]

extension Session {
  /// `MONITOR + <nickname>{,<nickname>}`, `MONITOR - <nickname>{,<nickname>}` or `MONITOR C|L|S`
  fileprivate func monitor(_ parameters: [String]) {
    let names = parameters.count > 1 ? parameters[1].words() : []
    switch parameters[0].uppercased() {
    case "+": watch(names)
    case "-": hub.registry.unwatch(names, by: memberSession)
    case "C": hub.registry.unwatchAll(by: memberSession)
    case "L": listWatched()
    case "S":
      flush()
      reply(hub.registry.presence(for: memberSession))
    default:
      reply(
        .needMoreParameters, ["MONITOR"], trailing: "MONITOR knows +, -, C, L and S")
    }
  }

  private func watch(_ names: [String]) {
    let limits = hub.limits
    // "For this specification, 'target' MUST be a valid nick": masks are passed over.
    let targets = names.filter { Names.isNickname($0, limit: limits.nicknameBytes) }
    flush()
    reply(hub.registry.watch(targets, by: memberSession, limit: limits.watchedPeople))
  }

  /// So much of a line counts each name that is looked up for a list of them.
  private static let lookupThousandths = 10

  private func reply(_ presence: Registry.Presence) {
    charge(Self.lookupThousandths * (presence.online.count + presence.offline.count))
    answer(in: presence.reservation) {
      for list in presence.online.lists(bytes: 380) { reply(.monitorOnline, trailing: list) }
      for list in presence.offline.lists(bytes: 380) { reply(.monitorOffline, trailing: list) }
      for list in presence.refused.lists(bytes: 360) {
        reply(
          .monitorListFull, ["\(hub.limits.watchedPeople)", list],
          trailing: "Monitor list is full.")
      }
    }
  }

  private func listWatched() {
    for list in hub.registry.watched(by: memberSession).lists(bytes: 380) {
      reply(.monitorList, trailing: list)
    }
    reply(.endOfMonitorList, trailing: "End of MONITOR list")
  }

  /// So much of a list fits into any line: a name that is cut would be another's.
  private static let listBytes = 380

  /// `ISON <nickname> [<nickname>…]`
  fileprivate func isOn(_ parameters: [String]) {
    let names = parameters.flatMap { $0.split(separator: " ").map(String.init) }.uniqueNames()
    charge(Self.lookupThousandths * names.count)
    let here = names.compactMap { name in
      hub.registry.member(named: name)?.profile
    }.filter(\.isRegistered).map(\.nickname)
    let lists = here.lists(bytes: Self.listBytes, separator: " ")
    for list in lists.isEmpty ? [""] : lists { reply(.isOn, trailing: list) }
  }

  /// `USERHOST <nickname> [<nickname>…]`, five at the most.
  fileprivate func userHost(_ parameters: [String]) {
    let names = Array(parameters.prefix(5)).uniqueNames()
    let here = names.compactMap { hub.registry.member(named: $0)?.profile }
      .filter(\.isRegistered)
    // "<nickname>['*'] '=' ('+' / '-') <hostname>" (RFC 2812 section 5.1, RPL_USERHOST)
    let words = here.map { profile in
      "\(profile.nickname)\(profile.isOperator ? "*" : "")=\(profile.away == nil ? "+" : "-")"
        + "\(profile.userName)@\(profile.host)"
    }
    let lists = words.lists(bytes: Self.listBytes, separator: " ")
    for list in lists.isEmpty ? [""] : lists { reply(.userHost, trailing: list) }
  }
}
