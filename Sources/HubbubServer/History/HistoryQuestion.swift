import IRCWire

/// The parameters of CHATHISTORY, as they are understood. Nothing is looked up for it.
enum HistoryQuestion {
  case page(Page)
  case targets(Targets)

  /// A message, or a moment.
  enum Reference: Equatable {
    case id(String)

    /// In milliseconds since 1970.
    case time(Int64)
  }

  enum Kind: Equatable {
    /// nil: without a bound.
    case latest(Reference?)
    case before(Reference)
    case after(Reference)
    case around(Reference)
    case between(Reference, Reference)
  }

  struct Page: Equatable {
    /// As the client wrote it.
    let subcommand: String
    let target: String
    let kind: Kind
    let limit: Int
  }

  struct Targets: Equatable {
    /// Later than the one and earlier than the other, in milliseconds since 1970.
    let first, last: Int64

    /// Whether the oldest is wanted first.
    let isAscending: Bool
    let limit: Int
  }

  /// - Parameter limit: how much is answered at the most.
  init(_ parameters: [String], limit: Int) throws(HistoryFault) {
    let subcommand = parameters.first ?? "*"
    let rest = Array(parameters.dropFirst())
    guard let count = Self.counts[subcommand.uppercased()] else {
      throw HistoryFault("INVALID_PARAMS", [subcommand], "Unknown command")
    }
    guard rest.count >= count else {
      throw HistoryFault("INVALID_PARAMS", [subcommand], "Insufficient parameters")
    }
    guard let wanted = Self.limit(rest[count - 1], upTo: limit) else {
      throw HistoryFault("INVALID_PARAMS", [subcommand, rest[count - 1]], "Invalid limit")
    }
    if subcommand.uppercased() == "TARGETS" {
      self = .targets(try Self.targets(rest, subcommand, wanted))
      return
    }
    let target = rest[0]
    func reference(_ index: Int) throws(HistoryFault) -> Reference {
      try Self.reference(rest[index], subcommand, target)
    }
    let kind: Kind
    switch subcommand.uppercased() {
    case "LATEST": kind = .latest(try rest[1] == "*" ? nil : reference(1))
    case "BEFORE": kind = .before(try reference(1))
    case "AFTER": kind = .after(try reference(1))
    case "AROUND": kind = .around(try reference(1))
    default: kind = .between(try reference(1), try reference(2))
    }
    self = .page(Page(subcommand: subcommand, target: target, kind: kind, limit: wanted))
  }

  /// How many parameters each has.
  private static let counts = [
    "LATEST": 3, "BEFORE": 3, "AFTER": 3, "AROUND": 3, "BETWEEN": 4, "TARGETS": 3,
  ]

  /// A number of messages, cut to what is answered at the most.
  private static func limit(_ text: String, upTo limit: Int) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let wanted = Int(text) ?? .max
    return wanted > 0 ? min(wanted, limit) : nil
  }

  private static func reference(
    _ text: String, _ subcommand: String, _ target: String
  ) throws(HistoryFault) -> Reference {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let value = parts.count == 2 ? String(parts[1]) : ""
    switch String(parts[0]) {
    case "msgid" where !value.isEmpty: return .id(value)
    case "timestamp":
      guard let time = Timestamp(value) else {
        throw HistoryFault("INVALID_PARAMS", [subcommand, target, text], "Invalid timestamp")
      }
      return .time(time.milliseconds)
    default:
      throw HistoryFault(
        "INVALID_MSGREFTYPE", [subcommand, target, text],
        "Messages are referred to as msgid=<id> or timestamp=<time>")
    }
  }

  private static func targets(
    _ words: [String], _ subcommand: String, _ limit: Int
  ) throws(HistoryFault) -> Targets {
    guard case .time(let one) = try reference(words[0], subcommand, "*"),
      case .time(let other) = try reference(words[1], subcommand, "*")
    else {
      throw HistoryFault("INVALID_MSGREFTYPE", [subcommand], "TARGETS takes timestamps")
    }
    return Targets(
      first: min(one, other), last: max(one, other), isAscending: one <= other, limit: limit)
  }
}
