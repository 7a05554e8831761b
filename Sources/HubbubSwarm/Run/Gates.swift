/// The thresholds of a run: from where on a difference is called unfair.
///
/// The defaults lie between what fair servers showed on a small, loaded machine and what servers
/// that were unfair on purpose showed there; `hubbub swarm --help` says what each is.
public struct Gates: Sendable, Equatable, Codable {
  /// One threshold, by the name of its measure.
  public enum Name: String, Sendable, CaseIterable, Codable {
    case senderShare = "M2"
    case recipientLatency = "M3"
    case ends = "M4"
    case concordance = "M4W"
    case pairs = "M4b"
    case senderLatency = "M6"
    case echo = "M6e"
    case wait = "M8"
    case neighbourLatency = "M9"
    case neighbourThroughput = "M9t"

    /// Where it stands when nobody says otherwise.
    public var standard: Double {
      switch self {
      case .senderShare: 0.9
      case .recipientLatency: 2
      case .ends: 6
      case .concordance: 0.1
      case .pairs: 0.6
      case .senderLatency: 5
      case .echo: 5
      case .wait: 3
      case .neighbourLatency: 1.5
      case .neighbourThroughput: 0.95
      }
    }

    /// What it is, for people.
    public var meaning: String {
      switch self {
      case .senderShare: "the least share of a sender over the mean"
      case .recipientLatency: "a recipient's median latency over the median of all"
      case .ends: "how often one is first or last, over its fair share"
      case .concordance: "Kendall's W, where it is beyond chance"
      case .pairs: "how often one of a pair hears first"
      case .senderLatency: "a sender's median latency over the median of all"
      case .echo: "the median wait for one's own message over that of the others for it"
      case .wait: "periods that one waits beyond what all wait, and 250 ms at least"
      case .neighbourLatency: "p99 beside a bad neighbour over p99 without"
      case .neighbourThroughput: "throughput beside a bad neighbour over throughput without"
      }
    }

    /// The values that make sense.
    var range: ClosedRange<Double> {
      switch self {
      case .senderShare, .concordance, .neighbourThroughput: 0...1
      case .pairs: 0.5...1
      default: 1...1e9
      }
    }
  }

  /// As people write a threshold.
  public static func text(_ value: Double) -> String { Words.exact(value) }

  private var changed: [String: Double] = [:]

  public init() {}

  public subscript(name: Name) -> Double { changed[name.rawValue] ?? name.standard }

  /// Changes the threshold that `text` names: `M3=5`.
  ///
  /// - Throws: `Plan.Unsuitable` with what was expected.
  public mutating func set(_ text: String) throws(Plan.Unsuitable) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let name = Self.name(parts[0]), let value = Double(parts[1]) else {
      throw Plan.Unsuitable(
        description: "'\(text)' is no gate; write it as M3=5, with one of "
          + Name.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
    guard name.range.contains(value) else {
      let (low, high) = (name.range.lowerBound, name.range.upperBound)
      throw Plan.Unsuitable(
        description: "\(name.rawValue), \(name.meaning), lies between \(Words.short(low)) and "
          + "\(Words.short(high)).")
    }
    changed[name.rawValue] = value
  }

  private static func name(_ text: String) -> Name? {
    Name.allCases.first { $0.rawValue.lowercased() == text.lowercased() }
  }

  public init(from decoder: any Decoder) throws {
    changed = try decoder.singleValueContainer().decode([String: Double].self)
  }

  /// All thresholds by their names, those that stand at their defaults too.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(
      Dictionary(uniqueKeysWithValues: Name.allCases.map { ($0.rawValue, self[$0]) }))
  }

  public static func == (left: Gates, right: Gates) -> Bool {
    Name.allCases.allSatisfy { left[$0] == right[$0] }
  }
}
