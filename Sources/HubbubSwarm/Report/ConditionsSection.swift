/// Under which conditions a run was made, and what the server refused.
struct ConditionsSection {
  let outcome: Outcome

  var html: String {
    Markup.section(
      "Conditions", "Under which this was measured, so that it can be repeated.",
      Markup.table(["", ""], (given + nodes + trouble + endings + refusals).map { [$0, $1] }))
  }

  /// Rows of a name and a value, both as HTML.
  private typealias Rows = [(String, String)]

  private var given: Rows {
    let given = outcome.conditions
    return [
      ("server", words("server", given.server)),
      ("bots", "\(count("bots", given.bots)), rooms: \(count("rooms", given.rooms))"),
      ("observers", "\(count("observersPerRoom", given.observersPerRoom)) in each room"),
      ("idle clients", count("idle", given.idle)), ("load", load),
      ("text", "\(count("textBytes", given.textBytes)) bytes"),
      ("warm-up", "\(number("warmUpSeconds", given.warmUpSeconds, 1)) s"),
      ("measured", "\(seconds) s"),
      ("echo", given.hasEcho ? "senders hear themselves" : "senders do not hear themselves"),
      ("seed", number("seed", Double(given.seed), 0)), ("run", words("run", given.run)),
      (
        "machine",
        "\(count("cores", given.cores)) cores, load average "
          + "\(number("loadAverageAtStart", given.loadAverageAtStart, 2)) at the start, Linux "
          + words("kernel", given.kernel)
      ),
    ]
  }

  private var nodes: Rows {
    outcome.conditions.nodes.enumerated().map { index, node in
      let path = "nodes.\(index)"
      return (
        "node \(words("\(path).address", node.address))",
        "\(count("\(path).bots", node.bots)) bots, "
          + "\(count("\(path).observers", node.observers)) observers"
      )
    }
  }

  private var load: String {
    let given = outcome.conditions
    let pattern = words("pattern", given.pattern.rawValue)
    if let rate = given.rate { return "\(number("rate", rate, 0)) messages a second, \(pattern)" }
    return "as fast as it goes, \(count("window", given.window ?? 0)) under way for each bot"
  }

  private var seconds: String {
    Markup.figure(
      "totals.measuredSeconds", outcome.totals.measuredSeconds,
      Words.number(outcome.totals.measuredSeconds, 1))
  }

  private var trouble: Rows {
    let given = outcome.conditions
    var rows: Rows = []
    if given.stalled > 0 { rows.append(("stalled readers", count("stalled", given.stalled))) }
    if let factor = given.flooderFactor {
      rows.append(("flooder", "× \(number("flooderFactor", factor, 1))"))
    }
    if given.hasChurn { rows.append(("churn", "one bot comes, goes and renames itself")) }
    if given.hasGuest {
      rows.append(("guest", "one leaves the room and comes back, once a second"))
    }
    if given.hasFailover {
      rows.append(("failover", "a bot whose node dies goes on at the next one"))
    }
    if outcome.endedEarly {
      rows.append(("cut short", "the run was ended by hand before its time"))
    }
    return rows
  }

  private var endings: Rows {
    outcome.endings.enumerated().map { index, ending in
      let path = "endings.\(index)"
      let time = Markup.figure(
        "\(path).second", ending.second, "\(Words.number(ending.second, 1)) s")
      return (
        "\(Markup.words("\(path).nickname", ending.nickname)) ended",
        "after \(time): \(Markup.words("\(path).reason", ending.reason))"
      )
    }
  }

  private var refusals: Rows {
    outcome.refusals.sorted { $0.key < $1.key }.map { name, refusal in
      let path = "refusals.\(name)"
      return (
        "refused: <span class=\"scale\">\(Markup.escaped(name))</span>",
        "\(Markup.figure("\(path).count", refusal.count)) times: "
          + Markup.words("\(path).words", refusal.words)
      )
    }
  }

  private func words(_ name: String, _ text: String) -> String {
    Markup.words("conditions.\(name)", text)
  }

  private func count(_ name: String, _ value: Int) -> String {
    Markup.figure("conditions.\(name)", value)
  }

  private func number(_ name: String, _ value: Double, _ digits: Int) -> String {
    Markup.figure("conditions.\(name)", value, Words.number(value, digits))
  }
}
