/// What the live view shows at one moment, as plain lines no wider than the terminal.
struct LivePage {
  let lines: [String]

  private static let barColumns = 10

  init(_ progress: Progress, columns: Int, rows: Int) {
    var lines = [Self.heading(progress), Self.running(progress)]
    // On a small screen the bots matter more than the second line of the gates.
    lines += Self.gates(progress.verdicts, columns).prefix(rows < 12 ? 1 : 3) + [""]
    let room = max(rows - lines.count - 2, 2)
    lines.append("bot          sent  delivered          p50      p99   longest gap")
    // Those who are worst off first, when not all have room.
    let all = progress.bots
    let shown = all.count <= room ? all : Array(Self.worstFirst(all).prefix(room - 1))
    lines += shown.map(Self.row)
    if shown.count < all.count { lines.append("… and \(all.count - shown.count) more") }
    self.lines = lines.map { String($0.prefix(columns - 1)) }
  }

  private static func heading(_ progress: Progress) -> String {
    let phase =
      switch progress.phase {
      case .enrolling: "getting in"
      case .warmingUp: "warming up"
      case .measuring: "measuring"
      case .draining: "waiting for the last messages"
      }
    guard let expected = progress.expected, expected > 0 else {
      return "\(phase), \(Words.number(progress.elapsed, 1)) s"
    }
    let share = min(progress.elapsed / expected, 1)
    let left = Words.number(max(expected - progress.elapsed, 0), 0)
    return "\(bar(share, 30)) \(phase), \(left) s left"
  }

  /// What was said and heard so far.
  private static func running(_ progress: Progress) -> String {
    let sent = progress.bots.reduce(0) { $0 + $1.sent }
    let received = progress.bots.reduce(0) { $0 + $1.received }
    let gone = progress.bots.count { $0.isEnded }
    let lost = gone > 0 ? ", \(gone) connections gone" : ""
    return "\(Words.short(Double(sent))) messages, "
      + "\(Words.short(Double(received))) deliveries\(lost)"
  }

  /// The gates that can be told so far, on as many lines as they take; those that fail come first.
  private static func gates(_ verdicts: [RunningVerdict], _ columns: Int) -> [String] {
    var lines: [String] = []
    for verdict in verdicts.filter({ !$0.isKept }) + verdicts.filter(\.isKept) {
      let text = "\(verdict.mark) \(verdict.measure) \(verdict.text)"
      if let last = lines.last, last.count + text.count + 3 < columns {
        lines[lines.count - 1] = "\(last)  \(text)"
      } else {
        lines.append("\(lines.isEmpty ? "so far" : "      ")  \(text)")
      }
    }
    return lines
  }

  private static func worstFirst(_ bots: [BotProgress]) -> [BotProgress] {
    bots.sorted { share($0) < share($1) }
  }

  private static func share(_ bot: BotProgress) -> Double {
    bot.due > 0 ? min(Double(bot.received) / Double(bot.due), 1) : 1
  }

  private static func row(_ bot: BotProgress) -> String {
    let share = share(bot)
    return left(bot.nickname, 10) + right("\(bot.sent)", 7) + "  " + bar(share, barColumns)
      + right(Words.percent(share), 7) + right(Words.time(Double(bot.p50)), 9)
      + right(Words.time(Double(bot.p99)), 9)
      + right(Words.time(bot.longestGap * 1_000), 14) + (bot.isEnded ? "  gone" : "")
  }

  private static func bar(_ share: Double, _ columns: Int) -> String {
    let full = Int((share * Double(columns)).rounded(.down))
    return String(repeating: "█", count: full) + String(repeating: "░", count: columns - full)
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}
