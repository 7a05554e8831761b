/// A room's members and who was ended, as wide as there is room.
///
/// A wide window shows longer names, and where each stands as a mark on a line from first to last.
/// Of a room that is too large for the window's height it shows two or more columns of members.
struct MemberTable {
  /// The figures of a member, without its name.
  private static let figures = 40
  private static let leastName = 16
  private static let greatestName = 36

  /// What stands between two columns of members.
  private static let gap = 3

  /// The fewest and the most columns of the line on which a member's place is marked.
  private static let track = 12...60

  private let room: InsideReport.Room
  private let columns: Int
  private let sort: WatchSort

  init(_ room: InsideReport.Room, columns: Int, sort: WatchSort) {
    self.room = room
    self.columns = columns
    self.sort = sort
  }

  /// At most `rows` lines; none where there is no room for three.
  func lines(rows: Int) -> [String] {
    guard rows >= 4, !room.members.isEmpty else { return [] }
    let endings = room.endings.suffix(max(0, min(3, rows - 4))).map(Self.row)
    let members = sort.sorted(room)
    let places = max(1, rows - 2 - endings.count)
    let panels = panels(places)
    let width = (columns - (panels - 1) * Self.gap) / panels
    let perPanel = members.count <= places * panels ? places : places - 1
    let shown = Array(members.prefix(perPanel * panels))
    let height = min(perPanel, (shown.count + panels - 1) / panels)
    let heads = Array(repeating: head(width), count: panels)
    var lines = ["", joined(heads, width)]
    for row in 0..<height {
      let across = stride(from: row, to: shown.count, by: height).map { self.row(shown[$0], width) }
      lines.append(joined(across, width))
    }
    if shown.count < members.count { lines.append("… and \(members.count - shown.count) more") }
    return lines + endings
  }

  /// As many columns of members as there is room and need for.
  private func panels(_ places: Int) -> Int {
    let fitting = max(1, (columns + Self.gap) / (Self.leastName + Self.figures + Self.gap))
    return min(fitting, (room.members.count + places - 1) / places)
  }

  private func joined(_ cells: [String], _ width: Int) -> String {
    let line = cells.map { WatchPage.left($0, width) }
      .joined(separator: String(repeating: " ", count: Self.gap))
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// How wide the names are, and the line on which places are marked.
  private func widths(_ width: Int) -> (name: Int, track: Int) {
    // With a mark of up to seven columns after it.
    let longest = (room.members.map(\.nickname.count).max() ?? 0) + 7
    let name = max(
      Self.leastName, min(Self.greatestName, max(longest, room.name.count), width - Self.figures))
    let rest = width - Self.figures - name - 2
    return (name, rest < Self.track.lowerBound ? 0 : min(rest, Self.track.upperBound))
  }

  private func head(_ width: Int) -> String {
    let (name, track) = widths(width)
    func title(_ column: WatchSort.Column) -> String {
      sort.column == column ? column.rawValue + (sort.isReversed ? "↑" : "↓") : column.rawValue
    }
    let line =
      track > 0
      ? "  first" + String(repeating: " ", count: track - 9) + "last" : ""
    return WatchPage.left(room.name, name) + WatchPage.right(title(.behind), 11)
      + WatchPage.right(title(.bytes), 10) + WatchPage.right(title(.position), 11)
      + WatchPage.right(title(.share), 8) + line
  }

  private func row(_ member: InsideReport.Member, _ width: Int) -> String {
    let (name, track) = widths(width)
    let service = Service(member, in: room)
    let mark = service == .even ? "" : " \(service.isUnfair ? "!" : "")\(service.rawValue)"
    let isPlaced = member.samples > 0
    return WatchPage.left(member.nickname.prefix(name - mark.count) + mark, name)
      + WatchPage.right("\(member.lagMessages)", 11)
      + WatchPage.right(WatchPage.kibibytes(member.lagBytes), 10)
      + WatchPage.right(isPlaced ? Words.number(member.meanPosition, 2) : "–", 11)
      + WatchPage.right(Words.number(member.share * 100, 1) + " %", 8)
      + (track > 0 ? "  " + Self.line(isPlaced ? member.meanPosition : nil, track) : "")
  }

  /// A line from always first to always last, with a mark where one stands on average.
  private static func line(_ position: Double?, _ width: Int) -> String {
    var line = Array(repeating: Character("·"), count: width)
    line[width / 2] = "│"
    if let position {
      line[Int((min(max(position, 0), 1) * Double(width - 1)).rounded())] = "●"
    }
    return String(line)
  }

  private static func row(_ ending: InsideReport.Ending) -> String {
    "ended: \(ending.nickname), \(ending.secondsAgo) s ago: \(ending.reason)"
  }
}
