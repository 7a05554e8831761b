/// Those at one node beside those at the others.
struct NodeSection {
  let outcome: Outcome

  /// Empty where there is one server.
  var html: String {
    guard !outcome.nodes.isEmpty else { return "" }
    return Markup.section(
      "Served by which node",
      "How soon messages were heard at each node, and how often somebody there heard first. "
        + Verdicts.nodesMeaning,
      "<h3>Median response time</h3>\(latency.html)<h3>Heard first</h3>\(firsts.html)" + table)
  }

  private var latency: Bars {
    Bars(
      bars: outcome.nodes.enumerated().compactMap { index, node in
        node.response.map { response in
          .init(
            name: name(index), value: response.p50,
            text: Markup.time("nodes.\(index).response.p50", response.p50))
        }
      })
  }

  private var firsts: Bars {
    Bars(
      bars: outcome.nodes.indices.map { index in
        .init(
          name: name(index), value: outcome.nodes[index].firstShare,
          text: share(index, "firstShare", \.firstShare))
      },
      end: 1, reference: 1 / Double(outcome.nodes.count))
  }

  private var table: String {
    let given = outcome.conditions.nodes
    let rows = outcome.nodes.enumerated().map { index, node in
      let path = "nodes.\(index)"
      return [
        name(index),
        Markup.figure("conditions.\(path).bots", given[index].bots),
        Markup.figure("conditions.\(path).observers", given[index].observers),
        Markup.figure("\(path).recipients", node.recipients),
        node.response.map { Markup.time("\(path).response.p50", $0.p50) } ?? "–",
        node.response.map { Markup.time("\(path).response.p99", $0.p99) } ?? "–",
        node.ownP50.map { Markup.time("\(path).ownP50", $0) } ?? "–",
        node.otherP50.map { Markup.time("\(path).otherP50", $0) } ?? "–",
        share(index, "firstShare", \.firstShare), share(index, "lastShare", \.lastShare),
        share(index, "fairShare", \.fairShare),
      ]
    }
    return Markup.table(
      [
        "node", "bots", "observers", "recipients", "p50", "p99", "said here, p50",
        "said elsewhere, p50", "first", "last", "by lot",
      ], rows)
  }

  private func name(_ index: Int) -> String {
    Markup.words("nodes.\(index).address", outcome.nodes[index].address)
  }

  private func share(_ index: Int, _ field: String, _ value: KeyPath<NodeFigures, Double>) -> String
  {
    let value = outcome.nodes[index][keyPath: value]
    return Markup.figure("nodes.\(index).\(field)", value, Words.percent(value))
  }
}
