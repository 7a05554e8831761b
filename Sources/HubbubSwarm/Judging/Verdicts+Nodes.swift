extension Verdicts {
  // MARK: - Those at one node beside those at another: for information

  /// What the gates compare where there are several nodes.
  static let nodesMeaning =
    "Everybody is compared with the others at the same node (M3, M4, M4b, M6); a message is heard "
    + "soonest where its way is shortest, so what lies between nodes is told and not judged."

  /// How each node's people were served; nil where there is one server.
  var nodes: Verdict? {
    guard !outcome.nodes.isEmpty else { return nil }
    let words = outcome.nodes.map { node in
      let median = node.response.map { "p50 \(Words.time($0.p50))" } ?? "nobody stayed"
      return "\(node.address) \(median), first in \(Words.percent(node.firstShare))"
    }
    return .noted("M4", "nodes", words.joined(separator: "; "), Self.nodesMeaning)
  }
}
