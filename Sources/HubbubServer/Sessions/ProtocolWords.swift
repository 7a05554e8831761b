import IRCWire

/// What tells a program that speaks IRC from a person who types.
enum ProtocolWords {
  /// Who sends a line, as far as the line shows it.
  enum Speaker {
    case program, person

    /// It has the form of IRC, but nobody knows the command: the next line may show more.
    case unclear
  }

  /// Commands of other servers, of servers to servers, and of extensions, which no person begins
  /// with.
  private static let foreign: Set<String> = [
    "AUTHENTICATE", "CAPAB", "CERTFP", "CHANSERV", "CHATHISTORY", "CHGIDENT", "CHGNAME",
    "CNOTICE", "CPRIVMSG", "DALINFO", "DCCALLOW", "DEHALFOP", "DEOP", "DEVOICE", "DNSBL",
    "EBMASK", "ELINE", "EMETA", "ENCAP", "EUID", "FJOIN", "FMODE", "GCOS", "GLINE", "GLOBOPS",
    "HELPOP", "HELPSERV", "HOSTSERV", "IRCOPS", "ISUPPORT", "LOCOPS", "MARKREAD", "MEMOSERV",
    "METADATA", "NICKSERV", "NJOIN", "OPERSERV", "OPERWALL", "PROTOCTL", "PROXY", "QLINE",
    "RELAYMSG", "RESV", "RLINE", "SAJOIN", "SAMODE", "SANICK", "SAPART", "SASL", "SERVLIST",
    "SETHOST", "SETIDENT", "SHUN", "SID", "SJOIN", "SMODE", "SPAMFILTER", "SQUERY", "SQUIT",
    "STARTTLS", "SVINFO", "SVSMODE", "SVSNICK", "TBURST", "TESTLINE", "TESTMASK", "TKL",
    "TSCTL", "UID", "UMODE2", "UNGLINE", "UNRESV", "UNSHUN", "UNXLINE", "USERIP", "VHOST",
    "WALLCHOPS", "WALLVOICES", "WEBIRC", "XLINE", "ZLINE",
  ]

  /// The same of commands that are words which a person may begin with: only in capitals, as
  /// programs write them, are they commands.
  private static let words: Set<String> = [
    "ACCEPT", "ACCOUNT", "BS", "CHECK", "CLOSE", "CONNECT", "CS", "CYCLE", "ERROR", "EVENT",
    "FIND", "HS", "IDENTIFY", "KNOCK", "MAP", "MODULES", "MS", "NS", "OPERS", "OS", "PASSWD",
    "REGAIN", "REGISTER", "RESTART", "ROOM", "RULES", "SERVER", "SERVICE", "SETNAME", "SILENCE",
    "SUMMON", "TRACE", "USERS", "VERIFY", "WATCH",
  ]

  /// Those that a client may send before it is registered, with the number of parameters without
  /// which they are none: "nick" alone may be somebody's name.
  private static let registration: [String: Int] = [
    "NICK": 1, "USER": 4, "PASS": 1, "CAP": 1, "PING": 1, "PONG": 1, "AUTHENTICATE": 1, "WEBIRC": 4,
    "PROTOCTL": 1,
  ]

  /// Who sends the first line, or one behind lines that showed nothing.
  static func speaker(of message: Message, _ line: UnsafeRawBufferPointer) -> Speaker {
    if isKnown(message, line) { return .program }
    return line.first == UInt8(ascii: "@") ? .unclear : .person
  }

  /// Whether a line in answer to the question for a name is a command all the same.
  static func isRegistration(_ message: Message, _ line: UnsafeRawBufferPointer) -> Bool {
    if let least = registration[message.command], message.parameters.count >= least { return true }
    guard isKnown(message, line), isInCapitals(message.command, line) else { return false }
    return !message.parameters.isEmpty || foreign.contains(message.command)
  }

  private static func isKnown(_ message: Message, _ line: UnsafeRawBufferPointer) -> Bool {
    let command = message.command
    if words.contains(command) { return isInCapitals(command, line) }
    return Command.table[command] != nil || foreign.contains(command)
  }

  /// Whether the command stands in the line as it is written here, behind tags and a source or
  /// without.
  private static func isInCapitals(_ command: String, _ line: UnsafeRawBufferPointer) -> Bool {
    line.split(separator: UInt8(ascii: " ")).prefix(3).contains {
      $0.elementsEqual(command.utf8)
    }
  }
}
