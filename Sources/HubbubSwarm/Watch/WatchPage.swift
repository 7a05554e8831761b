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
  ///   - rows: lines of the terminal; those who are worst off are shown where not all have room.
  init(
    _ report: InsideReport, before: (report: InsideReport, seconds: Double)?, heading: String,
    columns: Int, rows: Int
  ) {
    let people = report.rooms.reduce(0) { $0 + $1.members.count }
    var lines = [Self.heading(heading, report.rooms.count, people), ""]
    guard !report.rooms.isEmpty else {
      self.lines = Self.fitted(lines + Self.nothing, columns)
      return
    }
    lines.append("room              members   msg/s   spread p50        p99   largest lag")
    let rooms = report.rooms.sorted { $0.members.count > $1.members.count }
    lines += rooms.prefix(max(3, rows / 3)).map { Self.row($0, before) }
    for room in rooms {
      let room = Self.section(room, rows: rows - lines.count - 1)
      if room.isEmpty { break }
      lines += room
    }
    self.lines = Self.fitted(lines, columns)
  }

  private static func heading(_ server: String, _ rooms: Int, _ people: Int) -> String {
    "\(server)   \(rooms) \(rooms == 1 ? "room" : "rooms"), "
      + "\(people) \(people == 1 ? "member" : "members")"
  }

  private static func fitted(_ lines: [String], _ columns: Int) -> [String] {
    lines.map { String($0.prefix(max(columns - 1, 1))) }
  }

  private static func row(
    _ room: InsideReport.Room, _ before: (report: InsideReport, seconds: Double)?
  ) -> String {
    var rate = "–"
    if let before, let old = before.report.rooms.first(where: { $0.name == room.name }) {
      rate = Words.number(Double(room.sequence - old.sequence) / before.seconds, 0)
    }
    return left(room.name, 16) + right("\(room.members.count)", 9) + right(rate, 8)
      + right(room.spreadP50.map { Words.time(Double($0)) } ?? "–", 13)
      + right(room.spreadP99.map { Words.time(Double($0)) } ?? "–", 11)
      + right(kibibytes(room.greatestLagBytes), 14)
  }

  /// A room's members and endings, in at most `rows` lines; none where there is no room for three.
  private static func section(_ room: InsideReport.Room, rows: Int) -> [String] {
    guard rows >= 4, !room.members.isEmpty else { return [] }
    let endings = room.endings.suffix(max(0, min(3, rows - 4))).map(row)
    let worst = worstFirst(room.members)
    let places = max(1, rows - 2 - endings.count)
    var lines = ["", left(room.name, 16) + "     behind     bytes   position   share"]
    let shown = worst.prefix(worst.count <= places ? places : places - 1)
    lines += shown.map(row)
    if shown.count < worst.count { lines.append("… and \(worst.count - shown.count) more") }
    return lines + endings
  }

  /// Who is behind or always at one end of the line comes first. Small differences do not count, or
  /// the rows of a calm room would change places at each look.
  private static func worstFirst(_ members: [InsideReport.Member]) -> [InsideReport.Member] {
    func badness(_ member: InsideReport.Member) -> (Int, Int) {
      (member.lagBytes / 4096, Int((abs(member.meanPosition - 0.5) * 5).rounded(.down)))
    }
    return members.enumerated().sorted { left, right in
      let (one, other) = (badness(left.element), badness(right.element))
      return one == other ? left.offset < right.offset : one > other
    }.map(\.element)
  }

  private static func row(_ member: InsideReport.Member) -> String {
    left(member.nickname.prefix(11) + (member.isBlocked ? " full" : ""), 16)
      + right("\(member.lagMessages)", 11)
      + right(kibibytes(member.lagBytes), 10)
      + right(member.samples == 0 ? "–" : Words.number(member.meanPosition, 2), 11)
      + right(Words.number(member.share * 100, 1) + " %", 8)
  }

  private static func row(_ ending: InsideReport.Ending) -> String {
    "ended: \(ending.nickname), \(ending.secondsAgo) s ago: \(ending.reason)"
  }

  private static func kibibytes(_ bytes: Int) -> String {
    bytes < 1024 ? "\(bytes) B" : "\(bytes / 1024) KiB"
  }

  private static func left(_ text: some StringProtocol, _ width: Int) -> String {
    let kept = text.prefix(width)
    return kept + String(repeating: " ", count: width - kept.count)
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
