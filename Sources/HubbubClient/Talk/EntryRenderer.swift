import IRCWire

/// How an entry looks on the screen: `21:43  <ann> hello`.
///
/// The columns behind the time mark what was said before one listened with `·`, and one's own lines
/// with `›` and mentions with `!`, for those who see no colours.
enum EntryRenderer {
  static func line(_ entry: Entry, clock: LocalTime.Clock = .minutes) -> StyledText {
    var head = StyledText(LocalTime(entry.time).clock(clock), .dim) + head(entry)
    head.hang = CellWidth.of(head.plain)
    return head + body(entry)
  }

  /// The same for a message of several lines: the others stand below its first one.
  static func lines(_ entry: Entry, clock: LocalTime.Clock = .minutes) -> [StyledText] {
    guard entry.isSaid, entry.text.contains("\n") else { return [line(entry, clock: clock)] }
    let parts = entry.text.split(separator: "\n", omittingEmptySubsequences: false)
    var first = entry
    first.text = String(parts[0])
    let head = line(first, clock: clock)
    return [head]
      + parts.dropFirst().map { part in
        var below = StyledText(String(repeating: " ", count: min(head.hang, 13)))
        below += FormattedText.styled(String(part))
        below.hang = min(head.hang, 13)
        return below
      }
  }

  /// What stands before the text.
  private static func head(_ entry: Entry) -> StyledText {
    switch entry.kind {
    case .message: mark(entry) + bracketed(entry, "<", ">")
    case .notice: mark(entry) + bracketed(entry, "-", "-")
    case .action: mark(entry) + StyledText("* ") + author(entry) + StyledText(" ")
    case .presence, .information: StyledText("  -- ", .dim)
    case .failure: StyledText("  !! ", .failure)
    }
  }

  private static func body(_ entry: Entry) -> StyledText {
    switch entry.kind {
    case .message, .notice, .action: text(entry)
    case .presence(let presence): StyledText(presence.sentence, .dim)
    case .information, .failure: FormattedText.styled(entry.text)
    }
  }

  private static func mark(_ entry: Entry) -> StyledText {
    let first = entry.isHistory ? StyledText("·", .dim) : StyledText(" ")
    if entry.isMention { return first + StyledText("!", Style(color: 1, isBold: true)) }
    return first + (entry.isOwn ? StyledText("›", .bold) : StyledText(" "))
  }

  private static func bracketed(_ entry: Entry, _ left: String, _ right: String) -> StyledText {
    StyledText(left, .dim) + author(entry) + StyledText(right, .dim) + StyledText(" ")
  }

  private static func author(_ entry: Entry) -> StyledText {
    let style =
      entry.isOwn
      ? Style.bold
      : Style(
        color: NicknameColor.of(entry.author), isBold: entry.isMention, isReversed: entry.isMention)
    return StyledText(SafeText.clean(entry.author), style)
  }

  private static func text(_ entry: Entry) -> StyledText {
    let quote = entry.quote.map { StyledText("(to \($0)) ", .dim) } ?? StyledText()
    let text = quote + FormattedText.styled(entry.text)
    if entry.isUndelivered {
      return text + StyledText(" (not delivered: /resend or Up)", .failure)
    }
    guard entry.isWaiting || entry.isOnItsWay else { return text }
    let state = entry.isWaiting ? " (waits)" : " (on its way)"
    return text.restyled { $0.isDim = true } + StyledText(state, .dim)
  }

  /// A line across: `── Sunday, 22 November 2026 ──`.
  static func rule(_ text: String) -> StyledText { StyledText("── \(text) ──", .dim) }
}
