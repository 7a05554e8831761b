/// The pictures of fairness: shares, positions, order, and who had to wait.
struct FairnessSections {
  let outcome: Outcome

  var html: String { senders + positions + order + starvation }

  private var senders: String {
    guard !outcome.senders.isEmpty else { return "" }
    let indexed = outcome.senders.enumerated().sorted { $0.element.share < $1.element.share }
    let mean = outcome.senders.reduce(0) { $0 + $1.share } / Double(outcome.senders.count)
    let isShare = outcome.conditions.rate != nil
    let bars = Bars(
      bars: indexed.map { _, sender in
        .init(
          name: sender.nickname, value: sender.share,
          text: isShare ? Words.percent(sender.share) : Words.number(sender.share, 0),
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
        : "Messages of each one in the first half of the order, the worst off first; the line is the mean.",
      figures + bars.html)
  }

  private var positions: String {
    outcome.positions.enumerated().prefix(4).map { index, position in
      let path = "positions.\(index)"
      let concordance = position.bias.concordance
      var maps =
        "<div><h3>This server: W = "
        + Markup.figure("\(path).bias.concordance", concordance, Words.number(concordance, 3))
        + "</h3>\(HeatMap(bias: position.bias, recipients: position.recipients).svg)</div>"
      if let calibration = position.calibration {
        let names = position.recipients.count == calibration.places.count ? position.recipients : []
        maps +=
          "<div><h3>A broadcaster by lot, here: W = "
          + Markup.figure(
            "\(path).calibration.concordance", calibration.concordance,
            Words.number(calibration.concordance, 3))
          + "</h3>\(HeatMap(bias: calibration, recipients: names).svg)</div>"
      }
      let note =
        position.calibration == nil
        ? "<p class=\"note\">Run with --calibrate to see what this machine’s scheduling does by itself.</p>"
        : ""
      return Markup.section(
        "Who hears first in \(position.room)",
        "A row for each recipient, a column for each place; an even map favours nobody. Over "
          + "\(position.bias.messages) messages.",
        "<div class=\"pair\">\(maps)</div>\(note)")
    }.joined()
  }

  private var order: String {
    let figures = outcome.order
    let disagreeing = outcome.recipients.filter {
      $0.disagreement.pairs > 0 || $0.senderOrderBreaks > 0
    }
    let rows = [
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
    ]
    let bars = Bars(
      bars: disagreeing.sorted { $0.disagreement.pairs > $1.disagreement.pairs }.map {
        .init(
          name: $0.nickname, value: Double($0.disagreement.pairs),
          text: "\(Words.grouped(Int64($0.disagreement.pairs))) pairs", isBad: true)
      })
    return Markup.section(
      "Order", "Whether everyone was told the same story; compared with the first observer.",
      Markup.table(["", ""], rows) + (disagreeing.isEmpty ? "" : bars.html))
  }

  private var starvation: String {
    let waits = outcome.senders.filter { $0.longestWaitMilliseconds > 0 }
      .sorted { $0.longestWaitMilliseconds > $1.longestWaitMilliseconds }
    guard !waits.isEmpty else { return "" }
    let bars = Bars(
      bars: waits.map { sender in
        .init(
          name: sender.nickname, value: sender.longestWaitMilliseconds / 1_000,
          text: "\(Words.time(sender.longestWaitMilliseconds * 1_000)), "
            + "\(Words.number(sender.longestWaitPeriods, 1)) periods",
          start: max(sender.longestWaitStart, 0))
      })
    return Markup.section(
      "Who had to wait, and when",
      "For each sender the longest time in which it had something to say and none of it was delivered; from "
        + "left to right the time of the run.",
      figures + bars.html)
  }

  private var figures: String {
    let starvation = outcome.starvation
    var rows: [[String]] = []
    if let sender = starvation.longestRunSender {
      rows.append([
        "most messages in a row, of \(Markup.escaped(sender))",
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
