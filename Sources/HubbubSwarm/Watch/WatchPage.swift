/// What `hubbub watch` shows at one moment, as plain lines no wider than the terminal.
struct WatchPage {
  let lines: [String]

  /// What stands where no room is to be seen.
  static let nothing = [
    "No room is to be seen: nobody is in any,",
    "or this server does not show them to everybody.",
    "Its operators see them: 'hubbub watch --oper NAME';",
    "all do after 'hubbub serve --open-stats'.",
  ]

  /// - Parameters:
  ///   - before: the report before this one, and how long ago it was; without one there are no
  ///     rates.
  ///   - rows: lines of the terminal; those who come first are shown where not all have room.
  ///   - hasKeys: whether it can be sorted and ended with keys, so that it says with which.
  init(
    _ report: InsideReport, before: (report: InsideReport, seconds: Double)?, heading: String,
    columns: Int, rows: Int, sort: WatchSort = WatchSort(), hasKeys: Bool = false
  ) {
    let people = report.rooms.reduce(0) { $0 + $1.members.count }
    var lines = [Self.heading(heading, report.rooms.count, people)]
    if let network = report.network { lines.append(network.line) }
    lines.append(hasKeys ? Self.keys : "")
    guard !report.rooms.isEmpty else {
      self.lines = Self.fitted(lines + Self.nothing, columns)
      return
    }
    let names = max(16, min(columns - 1 - Self.roomFigures, Self.longest(report.rooms.map(\.name))))
    lines.append(
      Self.left("room", names) + "  members   msg/s   spread p50        p99   largest lag")
    let rooms = report.rooms.sorted { $0.members.count > $1.members.count }
    lines += rooms.prefix(max(3, rows / 3)).map { Self.row($0, before, names) }
    for room in rooms {
      let room = MemberTable(room, columns: columns - 1, sort: sort)
        .lines(rows: rows - lines.count - 1)
      if room.isEmpty { break }
      lines += room
    }
    self.lines = Self.fitted(lines, columns)
  }

  /// What the keys do.
  private static let keys =
    "q ends; sort by "
    + WatchSort.Column.allCases.map { "\($0.key) \($0.rawValue)" }.joined(separator: ", ")

  /// The columns of a room's figures, without its name.
  private static let roomFigures = 57

  private static func longest(_ names: [String]) -> Int { names.map(\.count).max() ?? 0 }

  private static func heading(_ server: String, _ rooms: Int, _ people: Int) -> String {
    "\(server)   \(rooms) \(rooms == 1 ? "room" : "rooms"), "
      + "\(people) \(people == 1 ? "member" : "members")"
  }

  private static func fitted(_ lines: [String], _ columns: Int) -> [String] {
    lines.map { String($0.prefix(max(columns - 1, 1))) }
  }

  private static func row(
    _ room: InsideReport.Room, _ before: (report: InsideReport, seconds: Double)?, _ names: Int
  ) -> String {
    var rate = "–"
    if let before, let old = before.report.rooms.first(where: { $0.name == room.name }) {
      rate = Words.number(Double(room.sequence - old.sequence) / before.seconds, 0)
    }
    return left(room.name, names) + right("\(room.members.count)", 9) + right(rate, 8)
      + right(room.spreadP50.map { Words.time(Double($0)) } ?? "–", 13)
      + right(room.spreadP99.map { Words.time(Double($0)) } ?? "–", 11)
      + right(kibibytes(room.greatestLagBytes), 14)
  }

  static func kibibytes(_ bytes: Int) -> String {
    bytes < 1024 ? "\(bytes) B" : "\(bytes / 1024) KiB"
  }

  static func left(_ text: some StringProtocol, _ width: Int) -> String {
    let kept = text.prefix(width)
    return kept + String(repeating: " ", count: width - kept.count)
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
