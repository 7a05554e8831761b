extension Verdicts {
  // MARK: - Those who come by WebSocket beside those who do not: M3

  /// How those who came as browsers do were served beside the others of the same rooms. The gates
  /// of M3 and M4 judge each of them by name.
  var browsers: Verdict? {
    guard plan.web?.share == .half else { return nil }
    let web = Self.median(outcome.recipients.filter { Assignment.isWeb($0.nickname) })
    let rest = Self.median(outcome.recipients.filter { !Assignment.isWeb($0.nickname) })
    guard let web, let rest, rest > 0 else { return nil }
    var value =
      "p50 \(Words.time(web)) by WebSocket, \(Words.time(rest)) by IRC: "
      + "× \(Words.number(web / rest, 2))"
    if let share = webFirst { value += "; before them in \(Words.percent(share))" }
    var verdict = Verdict.noted(
      "M3", "browsers", value, "1 and 50 %: whoever comes by WebSocket hears when the others do.")
    verdict.figure = web / rest
    return verdict
  }

  private static func median(_ recipients: [RecipientFigures]) -> Double? {
    recipients.isEmpty ? nil : recipients.map(\.medianLatency).sorted().quantile(0.5)
  }

  /// How often one of those who come by WebSocket hears before one who does not: the Mann-Whitney
  /// statistic of their mean places, over all rooms.
  private var webFirst: Double? {
    var (sum, messages) = (0.0, 0)
    for room in outcome.positions {
      let places = zip(room.recipients, room.bias.meanRanks).filter { Assignment.isWeb($0.0) }
      let (web, rest) = (Double(places.count), Double(room.recipients.count - places.count))
      guard web > 0, rest > 0 else { continue }
      let behind = places.reduce(0) { $0 + $1.1 } - web * (web + 1) / 2
      sum += (1 - behind / (web * rest)) * Double(room.bias.messages)
      messages += room.bias.messages
    }
    return messages > 0 ? sum / Double(messages) : nil
  }
}
