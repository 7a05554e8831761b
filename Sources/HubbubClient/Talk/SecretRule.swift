/// Which lines may hold a password or a room's key.
///
/// It errs on the side of secrets: what a service is told counts as one unless it is known to be
/// none.
enum SecretRule {
  /// Whether the words behind a command may hold one.
  static func mayHoldSecret(_ command: String, _ words: Words) -> Bool {
    var words = words
    let command = command.lowercased()
    if passwordCommands.contains(command) { return !words.isEmpty }
    switch command {
    case "raw", "quote": return rawMayHoldSecret(words)
    case "msg", "m", "privmsg", "notice", "query", "squery":
      guard let target = words.next() else { return false }
      return isService(target) && toServiceMayHoldSecret(words)
    case "join", "j", "cycle": return words.count >= 2  // The second word is a key.
    case "mode": return words.rest.split(separator: " ").contains(where: isKeyChange)
    case "server", "connect": return words.count >= 3 || addressMayHoldSecret(words)
    case "set": return settingMayHoldSecret(words)
    default: return isService(command) && toServiceMayHoldSecret(words)
    }
  }

  /// Whether text that is said to `target` may hold one; also where a slash was forgotten.
  static func mayHoldSecret(said text: String, to target: String?) -> Bool {
    var words = Words(text.drop { $0 == "/" })
    if let target, isService(target) { return toServiceMayHoldSecret(words) }
    guard let command = words.next(), spelledCommands.contains(command.lowercased()) else {
      return false
    }
    return mayHoldSecret(command, words)
  }

  /// What the screen and the log files show of a text that is said to `target`: where it may hold a
  /// password, its first word.
  static func shown(_ text: String, to target: String) -> String {
    guard isService(target) else { return text }
    var words = Words(text)
    guard toServiceMayHoldSecret(words), let verb = words.next() else { return text }
    return "\(verb) ••••"
  }

  /// A line of the protocol: perhaps with tags and a source before its command.
  private static func rawMayHoldSecret(_ words: Words) -> Bool {
    var words = words
    while let word = words.next() {
      if !word.hasPrefix("@"), !word.hasPrefix(":") { return mayHoldSecret(word, words) }
    }
    return false
  }

  private static func isService(_ name: String) -> Bool {
    let name = name.lowercased().prefix { $0 != "@" && $0 != "!" }
    return name.contains("serv") || name.hasPrefix("*") || shortServices.contains(String(name))
  }

  private static func toServiceMayHoldSecret(_ words: Words) -> Bool {
    var words = words
    guard let verb = words.next()?.lowercased().drop(while: { $0 == ":" }) else { return false }
    return !words.isEmpty && !harmlessVerbs.contains(String(verb))
  }

  /// `ircs://me:password@host`, `irc://host/#room?key`
  private static func addressMayHoldSecret(_ words: Words) -> Bool {
    words.rest.contains("@") || words.rest.contains("?")
  }

  private static func settingMayHoldSecret(_ words: Words) -> Bool {
    var words = words
    guard let name = words.next() else { return false }
    // Whatever the commands are: it is what one logs in with.
    if SettingName.find(name) == .onConnect { return !words.isEmpty }
    let text = "\(name) \(lowered(words))".lowercased()
    return ["pass", "secret", "key", "sasl"].contains(where: text.contains)
  }

  /// `+k`, `-ik`: the key is one of the next words.
  private static func isKeyChange(_ word: Substring) -> Bool {
    word.contains("k") && (word.hasPrefix("+") || word.hasPrefix("-"))
  }

  private static func lowered(_ words: Words) -> String { words.rest.lowercased() }

  private static let passwordCommands: Set<String> = [
    "oper", "pass", "password", "identify", "id", "login", "logon", "auth", "authenticate",
    "register", "verify", "ghost", "recover", "regain", "release", "vhost", "challenge", "sasl",
  ]

  /// Those whose name says what a line is, without its slash.
  private static let spelledCommands: Set<String> = [
    "oper", "identify", "msg", "privmsg", "query", "quote", "raw", "ns", "nickserv",
  ]

  private static let shortServices: Set<String> = [
    "ns", "cs", "ms", "os", "bs", "hs", "as", "us", "q", "x", "l", "k9",
  ]

  private static let harmlessVerbs: Set<String> = [
    "help", "info", "list", "status", "acc", "listchans", "op", "deop", "halfop", "dehalfop",
    "voice", "devoice", "invite", "unban", "kick", "ban", "topic", "access", "flags", "akick",
    "up", "down", "sop", "aop", "hop", "vop", "why", "count", "clear", "taxonomy", "whois",
  ]
}
