/// What a client says of the compressions that it can undo (RFC 9110 section 12.5.3).
enum AcceptedEncoding {
  /// Whether an answer may be compressed with gzip: it is named, or all are, and not with a weight
  /// of 0.
  static func allowsGzip(_ fields: HTTPFields) -> Bool {
    let weights = fields.list("Accept-Encoding").map(weight)
    return
      (weights.first { HTTPFields.isSame($0.coding, "gzip") }
      ?? weights.first { $0.coding == "*" })?.isWanted ?? false
  }

  private static func weight(_ element: String) -> (coding: String, isWanted: Bool) {
    let parts = element.split(separator: ";").map { HTTPFields.trimmed(String($0)) }
    let refusals = ["q=0", "q=0.0", "q=0.00", "q=0.000"]
    let isRefused = parts.dropFirst().contains { refusals.contains($0.lowercased()) }
    return (parts.first ?? "", !isRefused)
  }
}
