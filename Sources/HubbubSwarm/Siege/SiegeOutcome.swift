/// What a siege came to.
public struct SiegeOutcome: Sendable {
  /// What the server had: when nobody was there, after a rehearsal, and when all had gone again.
  public struct Footprint: Sendable {
    public var threads: Int
    public var descriptors: Int
    public var memoryKiB: Int
  }

  /// One line of the table: what was counted, and whether it is as it must be; nil where nothing is
  /// asked.
  public struct Line: Sendable {
    public let name: String
    public let value: String
    public let holds: Bool?
  }

  public private(set) var lines: [Line] = []

  /// Whether all holds that must.
  public var isGood: Bool { lines.allSatisfy { $0.holds ?? true } }

  mutating func add(_ name: String, _ value: String, holds: Bool? = nil) {
    lines.append(Line(name: name, value: value, holds: holds))
  }

  /// The table, without line endings.
  public var table: [String] {
    lines.map { line in
      let mark = line.holds.map { $0 ? "ok  " : "FAIL" } ?? "    "
      let name = line.name + String(repeating: " ", count: max(0, 24 - line.name.count))
      return "\(mark)  \(name)  \(line.value)"
    } + ["", isGood ? "It held." : "It did not hold."]
  }
}
