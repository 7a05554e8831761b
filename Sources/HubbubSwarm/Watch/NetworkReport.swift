import IRCWire

/// What a Hubbub server says of the network that it is a part of: the answer to `STATS c`, as plain
/// values.
public struct NetworkReport: Sendable, Equatable, Encodable {
  public struct Node: Sendable, Equatable, Encodable {
    public var number: Int
    public var name: String

    /// Whether it is the server that was asked.
    public var isSelf: Bool
  }

  /// Those that are members now.
  public var nodes: [Node] = []

  /// How many entries of the log have been applied there, and how long the last of its own took;
  /// nil where the server does not say so.
  public var entries: Int?
  public var lagMilliseconds: Int?

  /// How many actions wait for the log.
  public var waiting: Int?

  /// Whether the engine answers, and what is wrong where it does not.
  public var isEngineUp: Bool?
  public var trouble: String?

  /// - Returns: nil where the server is alone, or knows of no network.
  init?(_ messages: [Message]) {
    for message in messages where message.command == Numeric.statsFanOut.code {
      guard message.parameters.count == 4, message.parameters[1] == "c" else { continue }
      add(InsideFields(message.parameters[3]))
    }
    if nodes.isEmpty { return nil }
  }

  private mutating func add(_ fields: InsideFields) {
    switch fields.kind {
    case "node":
      nodes.append(
        Node(
          number: fields.int("number") ?? 0, name: fields["name"] ?? "?",
          isSelf: fields.int("self") == 1))
    case "log":
      (entries, lagMilliseconds) = (fields.int("entries"), fields.int("lagms"))
      waiting = fields.int("waiting")
    case "engine":
      isEngineUp = fields.int("up") == 1
      trouble = fields["trouble"].flatMap { $0 == "-" ? nil : $0.replacing("_", with: " ") }
    default: break
    }
  }

  /// It in a line for people.
  var line: String {
    let names = nodes.map { $0.isSelf ? "\($0.name) (this one)" : $0.name }
    var text = "\(nodes.count) nodes: \(names.joined(separator: ", "))"
    if let lagMilliseconds, let waiting {
      text += "   log lag \(lagMilliseconds) ms, \(waiting) waiting"
    }
    if isEngineUp == false { text += "   THE ENGINE IS AWAY: \(trouble ?? "")" }
    return text
  }
}
