import HubbubRooms
import IRCWire

/// What the server tells of itself.
let informationCommands: [String: Command] = [
  "MOTD": Command(.registered, usage: "[<server>]") { session, message in
    session.ifThisServer(message.parameters.first) { session.replyMessageOfTheDay() }
  },
  "LUSERS": Command(.registered, usage: "") { session, _ in session.replyPopulation() },
  "VERSION": Command(.registered, usage: "[<server>]") { session, message in
    session.ifThisServer(message.parameters.first) { session.replyVersion() }
  },
  "ADMIN": Command(.registered, usage: "[<server>]") { session, message in
    session.ifThisServer(message.parameters.first) { session.replyAdministration() }
  },
  "INFO": Command(.registered, usage: "[<server>]") { session, message in
    session.ifThisServer(message.parameters.first) { session.replyInformation() }
  },
  "TIME": Command(.registered, usage: "[<server>]") { session, message in
    session.ifThisServer(message.parameters.first) { session.replyTime() }
  },
  "LINKS": Command(.registered, usage: "[[<server>] <mask>]") {
    $0.replyLinks($1.parameters.last ?? "*")
  },
  "STATS": Command(.registered, parameters: 1, usage: "f [<channel>] | c | u | k | o") {
    $0.stats($1.parameters)
  },
  "HELP": Command(.registered, usage: "[<command> | CMODES | UMODES]") {
    $0.help($1.parameters.first)
  },
  "HELPOP": Command(.registered, usage: "[<command> | CMODES | UMODES]") {
    $0.help($1.parameters.first)
  },
]

extension Session {
  /// Runs `body` where a query is meant for this server, by name, by mask or by somebody who is
  /// here.
  ///
  /// - Parameter isKnownToAll: whether any node of the network knows the answer.
  func ifThisServer(_ target: String?, isKnownToAll: Bool = false, _ body: () -> Void) {
    guard let target, !Mask(target).matches(hub.serverName),
      hub.registry.member(named: target) == nil
    else { return body() }
    let nodes = hub.cluster?.node.status.nodes ?? []
    guard nodes.contains(where: { Mask(target).matches($0.name) }) else {
      return reply(.noSuchServer, [safe(target)], trailing: "No such server")
    }
    if isKnownToAll { return body() }
    reply(
      .noSuchServer, [safe(target)],
      trailing: "That server answers this to those alone who are connected to it")
  }

  /// 375, 372 …, 376, or 422.
  func replyMessageOfTheDay() {
    guard let lines = hub.configuration.messageOfTheDay else {
      return reply(.noMessageOfTheDay, trailing: "There is no message of the day")
    }
    reply(.messageOfTheDayStart, trailing: "- \(hub.serverName) message of the day - ")
    for line in lines { reply(.messageOfTheDay, trailing: "- \(line)") }
    reply(.endOfMessageOfTheDay, trailing: "End of MOTD command")
  }

  /// 251–255, 265, 266.
  func replyPopulation() {
    let population = hub.clients.population
    let (all, hidden, operators) = hub.registry.population
    let nodes = hub.cluster?.node.status.nodes.count ?? 1
    reply(
      .usersOnline,
      trailing: "There are \(all - hidden) users and \(hidden) invisible on \(nodes) servers")
    reply(.operatorsOnline, ["\(operators)"], trailing: "operator(s) online")
    reply(.unknownOnline, ["\(population.unknown)"], trailing: "unknown connection(s)")
    reply(.channelsFormed, ["\(hub.registry.roomCount)"], trailing: "channels formed")
    reply(
      .localClients, trailing: "I have \(population.registered) clients and \(nodes - 1) servers")
    replyCounts(.localUsers, "local", population.registered, max: population.maximum)
    replyCounts(.globalUsers, "global", all, max: max(all, population.maximum))
  }

  private func replyCounts(_ numeric: Numeric, _ which: String, _ count: Int, max: Int) {
    reply(
      numeric, ["\(count)", "\(max)"], trailing: "Current \(which) users \(count), max \(max)")
  }

  /// 351 and 005
  fileprivate func replyVersion() {
    reply(
      .version, [Version.text, hub.serverName],
      trailing: "A thread for each client, one order for each room")
    replySupport()
  }

  /// 256–259, always all four: clients wait for the last.
  fileprivate func replyAdministration() {
    let administration = hub.configuration.administration
    reply(.adminMe, [hub.serverName], trailing: "Administrative info")
    let facts: [(Numeric, String)] = [
      (.adminLocation, administration.location),
      (.adminOrganization, administration.organization), (.adminEmail, administration.email),
    ]
    for (numeric, text) in facts { reply(numeric, trailing: text.isEmpty ? "Not given" : text) }
  }

  /// 371 …, 374
  fileprivate func replyInformation() {
    let lines = [
      "\(Version.text): a chat room server with one thread for each client",
      "Every member of a room reads the same messages in the same order.",
      "On-line since \(hub.startedAt.description)",
    ]
    for line in lines { reply(.info, trailing: line) }
    reply(.endOfInfo, trailing: "End of INFO list")
  }

  /// 391
  fileprivate func replyTime() {
    reply(.time, [hub.serverName], trailing: Timestamp.now.description)
  }

  /// 364, 365: this server, and the other nodes of its network, each one step from it.
  fileprivate func replyLinks(_ mask: String) {
    let mask = (text: mask, pattern: Mask(mask))
    if mask.pattern.matches(hub.serverName) {
      reply(
        .links, [hub.serverName, hub.serverName],
        trailing: "0 \(hub.configuration.serverDescription)")
    }
    for node in hub.cluster?.node.status.nodes ?? [] where !node.isSelf {
      guard mask.pattern.matches(node.name) else { continue }
      reply(.links, [node.name, hub.serverName], trailing: "1 \(node.version)")
    }
    reply(.endOfLinks, [safe(mask.text)], trailing: "End of LINKS list")
  }

  private func requestHelp(_ name: String) -> [String]? {
    hub.accounts == nil ? nil : Help.requests[name]
  }

  /// `HELP [<command>]`: 704, 705 …, 706, or 524. From the table of commands, and `Help`.
  fileprivate func help(_ subject: String?) {
    let name = subject?.uppercased() ?? "*"
    var lines: [String]
    if let topic = Help.topics[name] ?? requestHelp(name) {
      lines = topic
    } else if let subject {
      guard let command = Command.table[name] else {
        return reply(.helpNotFound, [safe(subject)], trailing: "No help available on this topic")
      }
      lines = [command.phase.explanation]
      lines.insert("\(name) \(command.usage)", at: 0)
    } else {
      lines = [
        "HELP <command> explains one of these; HELP CMODES and HELP UMODES explain the modes:"
      ]
      lines += Command.table.keys.sorted().lists(bytes: 60, separator: " ")
    }
    reply(.helpStart, [name], trailing: lines[0])
    for line in lines.dropFirst() { reply(.helpText, [name], trailing: line) }
    reply(.endOfHelp, [name], trailing: "End of help")
  }
}

extension Command.Phase {
  fileprivate var explanation: String {
    switch self {
    case .unregistered: "Before the registration is complete."
    case .registered: "After the registration is complete."
    case .anyTime: "At any time."
    }
  }
}
