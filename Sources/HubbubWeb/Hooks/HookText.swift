import FoundationEssentials

/// What a hook says in a room: the lines of a text, or one for each thing that Alertmanager or
/// GitHub tells of.
public enum HookText {
  /// This many lines of one request are said; one more says how many were left out.
  public static let maximumLines = 10

  /// - Parameters:
  ///   - type: the Content-Type of the body; a text where it is missing.
  ///   - event: what GitHub calls it (`X-GitHub-Event`); nil where it is not from there.
  /// - Returns: lines without control characters, none of them empty; of any length.
  /// - Throws: what to answer to a body of which nothing can be made.
  public static func lines(
    _ body: [UInt8], type: String?, event: String?
  ) throws(HTTPRefusal) -> [String] {
    guard let text = String(validating: body, as: UTF8.self) else {
      throw HTTPRefusal(.badRequest, "The body is no UTF-8.")
    }
    let isJSON = type.map { $0.lowercased().hasPrefix("application/json") } ?? false
    let lines =
      try isJSON
      ? self.lines(json: body, event) : text.split(whereSeparator: \.isNewline).map(String.init)
    let clean = lines.map(cleaned).filter { !$0.isEmpty }
    guard clean.count > maximumLines else { return clean }
    return clean.prefix(maximumLines) + ["(and \(clean.count - maximumLines) more)"]
  }

  private static func lines(json body: [UInt8], _ event: String?) throws(HTTPRefusal) -> [String] {
    guard JSONNesting.isWithinMaximum(body) else {
      throw HTTPRefusal(
        .badRequest, "The body has more than \(JSONNesting.maximum) lists within one another.")
    }
    let value: JSONValue
    do { value = try JSONDecoder().decode(JSONValue.self, from: Data(body)) } catch {
      throw HTTPRefusal(.badRequest, "The body is no JSON.")
    }
    if let event { return GitHubText.lines(of: event, value) }
    if !value["alerts"].elements.isEmpty { return value["alerts"].elements.map(alert) }
    guard let text = value["text"].text else {
      throw HTTPRefusal(
        .badRequest, "Send a text, {\"text\": \"…\"}, or what Alertmanager or GitHub sends.")
    }
    return text.split(whereSeparator: \.isNewline).map(String.init)
  }

  /// One alert of Alertmanager's webhook (version 4).
  private static func alert(_ alert: JSONValue) -> String {
    let labels = alert["labels"]
    let details = ["severity", "instance", "job"].compactMap { name in
      labels[name].text.map { "\(name)=\($0)" }
    }
    let words = alert["annotations"]["summary"].text ?? alert["annotations"]["description"].text
    let head = "[\(alert["status"].text ?? "alert")] \(labels["alertname"].text ?? "?")"
    let parts = [head, details.joined(separator: " "), words ?? ""].filter { !$0.isEmpty }
    return parts.joined(separator: " · ")
  }

  /// Without what could not stand in a line.
  private static func cleaned(_ line: String) -> String {
    let scalars = line.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
    return HTTPFields.trimmed(String(String.UnicodeScalarView(scalars)))
  }
}
