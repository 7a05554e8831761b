/// Metrics as Prometheus reads them ("Text-based format", version 0.0.4).
public enum MetricsText {
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// - Parameter metrics: each name once.
  public static func encode(_ metrics: [Metric]) -> [UInt8] {
    var text = ""
    for metric in metrics where !metric.samples.isEmpty {
      text += "# HELP \(metric.name) \(escaped(metric.help, quote: false))\n"
      text += "# TYPE \(metric.name) \(metric.kind.rawValue)\n"
      for sample in metric.samples {
        text += metric.name + sample.suffix
        if !sample.labels.isEmpty {
          let pairs = sample.labels.map { "\($0.name)=\"\(escaped($0.value, quote: true))\"" }
          text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(number(sample.value))\n"
      }
    }
    return Array(text.utf8)
  }

  /// The answer to `GET /metrics`.
  public static func response(_ metrics: [Metric]) -> HTTPResponse {
    HTTPResponse(
      .ok, fields: ["Content-Type": contentType, "Cache-Control": "no-store"], body: encode(metrics)
    )
  }

  /// As Go's ParseFloat reads it: whole numbers without a point.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return "\(whole)" }
    return "\(value)"
  }

  private static func escaped(_ text: String, quote: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quote: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
