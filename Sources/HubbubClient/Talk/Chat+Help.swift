/// What the client says about itself: in pages, each as large as the window.
extension Chat {
  /// Commands with what belongs together side by side, the usual ones first.
  static let helpOrder: [CommandName] = [
    .join, .part, .room, .msg, .query, .me, .nick, .names, .topic, .whois, .who, .list, .search,
    .history, .help, .quit, .away, .back, .notice, .invite, .resend, .ignore, .unignore, .clear,
    .set, .save, .kick, .ban, .unban, .kickban, .op, .deop, .voice, .devoice, .mode, .cycle,
    .connect, .reconnect, .disconnect, .motd, .oper, .ns, .cs, .version, .ping, .ctcp, .lag, .raw,
  ]

  private static let helpNotes: [StyledText] = [
    "A beginning will do: /j is /join. // sends a slash.",
    "Tab completes; Up, Ctrl-P and Ctrl-R bring back what was typed.",
    "Alt-1 to 9, Alt-A, Alt-arrows, F5 and F6 change rooms.",
    "Ctrl-L draws anew, Ctrl-C twice leaves.",
  ]

  mutating func help(_ topic: String?) {
    settlePresence()
    guard let topic else { return showHelp(page: 1) }
    if let page = Int(topic) { return showHelp(page: page) }
    switch CommandName.find(topic.hasPrefix("/") ? String(topic.dropFirst()) : topic) {
    case .success(let name): perform(.show(helpLine(name)))
    case .failure(let error): fail(error.sentence)
    }
  }

  /// Enter on an empty line turns the page.
  mutating func turnPage() {
    if let nextHelpPage { showHelp(page: nextHelpPage) }
  }

  private mutating func showHelp(page: Int) {
    let pages = helpPages
    guard pages.indices.contains(page - 1) else {
      return fail("There are \(Sentence.count(pages.count, "page")) of help.")
    }
    for line in pages[page - 1] { perform(.show(line)) }
    nextHelpPage = page < pages.count ? page + 1 : nil
    guard pages.count > 1 else { return }
    perform(.show(footer(page, of: pages.count)))
  }

  private func footer(_ page: Int, of count: Int) -> StyledText {
    let more = page < count ? " Enter turns it." : ""
    return StyledText("Page \(page) of \(count).\(more)", .dim)
  }

  /// Lines that fill the window but for the prompt and the page's number.
  private var helpPages: [[StyledText]] {
    let limit = max(1, rows - 1 - rowsNeeded(footer(98, of: 99)))
    var pages: [[StyledText]] = [[]]
    var used = 0
    for line in Self.helpOrder.map(helpLine) + Self.helpNotes {
      let needed = rowsNeeded(line)
      if used + needed > limit, used > 0 {
        pages.append([])
        used = 0
      }
      pages[pages.count - 1].append(line)
      used += needed
    }
    return pages
  }

  private func rowsNeeded(_ line: StyledText) -> Int {
    max(1, (CellWidth.of(line.plain) + columns - 1) / max(1, columns))
  }

  private func helpLine(_ name: CommandName) -> StyledText {
    let usage = name.usage.isEmpty ? "" : " " + name.usage
    let head = "/\(name.rawValue)\(usage)"
    let padding = String(repeating: " ", count: max(2, columns < 60 ? 0 : 28 - head.count))
    return StyledText("/\(name.rawValue)", .bold) + StyledText(usage + padding + name.help)
  }
}
