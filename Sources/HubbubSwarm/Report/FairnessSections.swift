/// The other pictures of fairness: shares, order, and who had to wait.
struct FairnessSections {
  let outcome: Outcome

  var html: String { senders + order + starvation }

  private var senders: String {
    // Who said nothing has no share.
    let worstFirst = outcome.senders.enumerated().filter { $0.element.sent > 0 }
      .sorted { $0.element.share < $1.element.share }
    guard !worstFirst.isEmpty else { return "" }
    let mean = worstFirst.reduce(0) { $0 + $1.element.share } / Double(worstFirst.count)
    let isShare = outcome.conditions.rate != nil
    let bars = Bars(
      bars: worstFirst.map { index, sender in
        let text = isShare ? Words.percent(sender.share) : Words.number(sender.share, 0)
        return .init(
          name: Markup.words("senders.\(index).nickname", sender.nickname), value: sender.share,
          text: Markup.figure("senders.\(index).share", sender.share, text),
          isBad: sender.share < 0.9 * mean)
      },
      end: isShare ? 1 : nil, reference: mean)
    var figures = ""
    if let even = outcome.senderEvenness {
      figures =
        "<p>Jain’s index "
        + Markup.figure("senderEvenness.jain", even.jain, Words.number(even.jain, 4))
        + ", least over mean "
        + Markup.figure(
          "senderEvenness.leastShare", even.leastShare, Words.number(even.leastShare, 3))
        + ", most over mean "
        + Markup.figure(
          "senderEvenness.greatestShare", even.greatestShare, Words.number(even.greatestShare, 3))
        + "</p>"
    }
    return Markup.section(
      "Share of each sender",
      isShare
        ? "How much of what each one said was delivered, the worst off first."
        : "Messages of each one in the first half of the order, the worst off first; the line is "
          + "the mean.",
      figures + bars.html)
  }

  private var order: String {
    let figures = outcome.order
    let disagreeing = outcome.recipients.enumerated().filter { _, recipient in
      recipient.disagreement.pairs > 0 || recipient.senderOrderBreaks > 0
    }.sorted { $0.element.disagreement.pairs > $1.element.disagreement.pairs }
    var rows = [
      [
        "pairs that two heard in another order",
        Markup.figure("order.disagreement.pairs", figures.disagreement.pairs),
      ],
      [
        "messages out of place",
        Markup.figure("order.disagreement.outOfPlace", figures.disagreement.outOfPlace),
      ],
      [
        "messages compared",
        Markup.figure("order.disagreement.messages", figures.disagreement.messages),
      ],
      [
        "steps back within one sender",
        Markup.figure("order.senderOrderBreaks", figures.senderOrderBreaks),
      ],
      [
        "server times that run backwards",
        figures.serverTimes > 0
          ? Markup.figure("order.serverTimeBreaks", figures.serverTimeBreaks)
          : "the server gives no times",
      ],
      [
        "message ids that differ",
        figures.serverIDs > 0
          ? Markup.figure("order.serverIDBreaks", figures.serverIDBreaks)
          : "the server gives no ids, or they were not looked at",
      ],
    ]
    rows += history
    let bars = Bars(
      bars: disagreeing.map { index, recipient in
        let path = "recipients.\(index)"
        let pairs = Markup.figure("\(path).disagreement.pairs", recipient.disagreement.pairs)
        return .init(
          name: Markup.words("\(path).nickname", recipient.nickname),
          value: Double(recipient.disagreement.pairs), text: "\(pairs) pairs", isBad: true)
      })
    return Markup.section(
      "Order", "Whether everyone was told the same story; compared with the first observer.",
      Markup.table(["", ""], rows) + (disagreeing.isEmpty ? "" : bars.html))
  }

  private var history: [[String]] {
    guard let history = outcome.order.history else {
      return [["history", "no history on this server"]]
    }
    if let failure = history.failure {
      return [["history", Markup.words("order.history.failure", failure)]]
    }
    let path = "order.history"
    return [
      [
        "messages that the history gave back",
        Markup.figure("\(path).remembered", history.remembered),
      ],
      ["of those heard live", Markup.figure("\(path).live", history.live)],
      [
        "pairs that the history has in another order",
        Markup.figure("\(path).disagreement.pairs", history.disagreement.pairs),
      ],
      ["messages missing in the history", Markup.figure("\(path).missing", history.missing)],
      ["messages twice in the history", Markup.figure("\(path).doubled", history.doubled)],
    ]
  }

  private var starvation: String {
    let waits = outcome.senders.enumerated().filter { $0.element.longestWaitMilliseconds > 0 }
      .sorted { $0.element.longestWaitMilliseconds > $1.element.longestWaitMilliseconds }
    guard !waits.isEmpty else { return "" }
    let end = max(
      outcome.timeline.last?.second ?? 0,
      waits.map { $0.element.longestWaitStart + $0.element.longestWaitMilliseconds / 1_000 }.max()!)
    let bars = Bars(
      bars: waits.map { wait($0, $1) }, end: end, marks: ("0 s", "\(Words.number(end, 1)) s"))
    return Markup.section(
      "Who had to wait, and when",
      "For each sender the longest time in which it had something to say and none of it was "
        + "delivered; from "
        + "left to right the time of the run.",
      figures + bars.html)
  }

  private func wait(_ index: Int, _ sender: SenderFigures) -> Bars.Bar {
    let path = "senders.\(index)"
    let milliseconds = Markup.figure(
      "\(path).longestWaitMilliseconds", sender.longestWaitMilliseconds,
      Words.time(sender.longestWaitMilliseconds * 1_000))
    let periods = Markup.figure(
      "\(path).longestWaitPeriods", sender.longestWaitPeriods,
      Words.number(sender.longestWaitPeriods, 2))
    let start = max(sender.longestWaitStart, 0)
    let beginning = Markup.figure(
      "\(path).longestWaitStart", sender.longestWaitStart,
      "\(Words.number(sender.longestWaitStart, 2)) s")
    return .init(
      name: Markup.words("\(path).nickname", sender.nickname),
      value: sender.longestWaitMilliseconds / 1_000,
      text: "\(milliseconds), \(periods) periods, at \(beginning)", start: start)
  }

  private var figures: String {
    let starvation = outcome.starvation
    var rows: [[String]] = []
    if let sender = starvation.longestRunSender {
      rows.append([
        "most messages in a row, of \(Markup.words("starvation.longestRunSender", sender))",
        Markup.figure("starvation.longestRunMessages", starvation.longestRunMessages),
      ])
    }
    let windows = [
      ("leastJainOver2n", "two", starvation.leastJainOver2n),
      ("leastJainOver10n", "ten", starvation.leastJainOver10n),
    ]
    for (name, times, value) in windows {
      guard let value else { continue }
      rows.append([
        "least even stretch of \(times) messages for each sender, Jain’s index",
        Markup.figure("starvation.\(name)", value, Words.number(value, 3)),
      ])
    }
    return rows.isEmpty ? "" : Markup.table(["", ""], rows)
  }
}
