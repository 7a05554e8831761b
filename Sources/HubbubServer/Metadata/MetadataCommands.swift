import HubbubRooms
import HubbubStore
import IRCWire

/// What people and rooms say of themselves: METADATA (IRCv3 draft/metadata-2 and -3).
let metadataCommands: [String: Command] = [
  "METADATA": Command(
    .anyTime, parameters: 2,
    usage: "<channel | nickname | *> GET|SET|LIST|CLEAR|SUB|UNSUB|SUBS|SYNC [<key>…] [:<value>]",
    missing: { session, message in
      session.failMetadata("NEED_MORE_PARAMS", message.parameters, "Missing parameters")
    },
    run: { $0.metadata($1.parameters) })
]

extension Session {
  /// `METADATA <target> <subcommand> [<parameter>…]`
  fileprivate func metadata(_ parameters: [String]) {
    guard !capabilities.isDisjoint(with: .ofMetadata) else {
      return reply(.unknownCommand, ["METADATA"], trailing: "Unknown command")
    }
    let (word, rest) = (parameters[1], Array(parameters.dropFirst(2)))
    // Before one is in: of oneself, for those who know that it may be done.
    let isOwn = parameters[0] == "*"
    guard registration.isComplete || isOwn && capabilities.contains(.metadata3) else {
      return reply(.notRegistered, trailing: "You have not registered")
    }
    guard let target = metadataTarget(parameters[0]) else {
      return failMetadata("INVALID_TARGET", [parameters[0]], "Invalid target")
    }
    let least = ["GET": 1, "SET": 1, "SUB": 1, "UNSUB": 1][word.uppercased()] ?? 0
    guard rest.count >= least else {
      return failMetadata("NEED_MORE_PARAMS", [word], "Missing parameters")
    }
    switch word.uppercased() {
    case "GET": getMetadata(of: target, rest)
    case "LIST": listMetadata(of: target)
    case "SET": setMetadata(of: target, rest[0], rest.count > 1 ? rest[1] : nil)
    case "CLEAR": clearMetadata(of: target)
    case "SUB": subscribe(to: rest)
    case "UNSUB": unsubscribe(from: rest)
    case "SUBS": listSubscriptions()
    case "SYNC": synchronize(with: target)
    default: failMetadata("INVALID_SUBCOMMAND", [word], "Invalid subcommand")
    }
  }

  func failMetadata(_ code: String, _ context: [String], _ text: String) {
    reply("FAIL", ["METADATA", code] + context.map(safe), trailing: text)
  }

  // MARK: Looking

  private func getMetadata(of target: MetadataTarget, _ keys: [String]) {
    let values = values(of: target)
    charge(Self.keyThousandths * keys.count)
    answerMetadata { batch in
      for word in keys {
        guard let key = MetadataBook.key(word) else {
          tell(in: batch, "FAIL", ["METADATA", "KEY_INVALID", safe(word)], "Invalid key")
          continue
        }
        tellValue(values[key], of: key, target.name, in: batch)
      }
    }
  }

  private func listMetadata(of target: MetadataTarget) {
    let values = values(of: target)
    answerMetadata { batch in
      for (key, value) in values.sorted(by: { $0.key < $1.key }) {
        tellValue(value, of: key, target.name, in: batch)
      }
    }
  }

  /// 761, or 766 for what is not set.
  private func tellValue(_ value: String?, of key: String, _ target: String, in batch: String?) {
    if let value {
      tell(in: batch, Numeric.keyValue.code, [nickname, target, key, "*"], value)
    } else {
      tell(in: batch, Numeric.noMatchingKey.code, [nickname, target, key], "no matching key")
    }
  }

  // MARK: Changing

  private func setMetadata(of target: MetadataTarget, _ word: String, _ value: String?) {
    guard let key = MetadataBook.key(word) else {
      return failMetadata("KEY_INVALID", [word], "Invalid key")
    }
    guard mayChange(target) else {
      return failMetadata("KEY_NO_PERMISSION", [target.name, key], "Permission denied")
    }
    if let value, value.utf8.count > MetadataBook.maxValueBytes {
      return failMetadata(
        "VALUE_INVALID", [], "A value has at most \(MetadataBook.maxValueBytes) bytes")
    }
    do throws(MetadataBook.Fault) {
      try change(key, to: value, of: target)
      reply(.keyValue, [target.name, key, "*"], trailing: value)
    } catch {
      switch error {
      case .notSet: reply(.keyNotSet, [target.name, key], trailing: "key not set")
      case .limit: failMetadata("LIMIT_REACHED", [target.name], "Metadata limit reached")
      case .store(let fault):
        failMetadata("RATE_LIMITED", [target.name, key, "*"], fault.answer.text)
      }
    }
  }

  private func clearMetadata(of target: MetadataTarget) {
    guard mayChange(target) else {
      return failMetadata("KEY_NO_PERMISSION", [target.name, "*"], "Permission denied")
    }
    let keys = values(of: target).keys.sorted()
    answerMetadata { batch in
      for key in keys {
        do throws(MetadataBook.Fault) {
          try change(key, to: nil, of: target)
          tell(in: batch, Numeric.keyValue.code, [nickname, target.name, key, "*"], nil)
        } catch {
          // Another connection has taken it away meanwhile, or the disk does not take it.
          continue
        }
      }
    }
  }

  private func change(
    _ key: String, to value: String?, of target: MetadataTarget
  ) throws(MetadataBook.Fault) {
    charge(Self.changeThousandths)
    try hub.metadata.set(key, value, of: target.subject, hub.accounts?.store)
    flush()
    let told = announceMetadata(key, value, of: target)
    charge(Self.keyThousandths * told)
  }

  /// How much of a line counts what is looked up, and what is written to the disk and told.
  static let (keyThousandths, changeThousandths) = (10, 1000)

  // MARK: Subscriptions

  private func subscribe(to words: [String]) {
    var (known, accepted) = (memberSession.subscriptions, [String]())
    loop: for word in words {
      guard let key = MetadataBook.key(word) else {
        failMetadata("KEY_INVALID", [word], "Invalid key")
        continue
      }
      // "If the client has subscribed to too many keys, the server does not process any further
      // keys in the subcommand."
      guard known.count < MetadataBook.maxSubscriptions else {
        failMetadata("TOO_MANY_SUBS", [word], "Too many subscriptions")
        break loop
      }
      known.insert(key)
      if !accepted.contains(key) { accepted.append(key) }
    }
    memberSession.subscriptions = known
    for list in accepted.lists(bytes: 380, separator: " ") {
      reply(.metadataSubscribed, trailing: list)
    }
    // "When subscribing to a key, clients SHOULD receive the current value of that key for
    // channels/users they are receiving updates for."
    guard registration.isComplete, !accepted.isEmpty else { return }
    tellEverything(of: Set(accepted))
  }

  private func unsubscribe(from words: [String]) {
    var accepted: [String] = []
    for word in words {
      guard let key = MetadataBook.key(word) else {
        failMetadata("KEY_INVALID", [word], "Invalid key")
        continue
      }
      memberSession.subscriptions.remove(key)
      if !accepted.contains(key) { accepted.append(key) }
    }
    for list in accepted.lists(bytes: 380, separator: " ") {
      reply(.metadataUnsubscribed, trailing: list)
    }
  }

  private func listSubscriptions() {
    for list in memberSession.subscriptions.sorted().lists(bytes: 380, separator: " ") {
      reply(.metadataSubscriptions, trailing: list)
    }
  }

  private func synchronize(with target: MetadataTarget) {
    switch target.kind {
    case .person(let person): tellMetadata(of: [person], nil, memberSession.subscriptions)
    case .room(let room): tellMetadata(of: room.people, room, memberSession.subscriptions)
    }
  }
}
