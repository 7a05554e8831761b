import Foundation

/// Whether a page says what the JSON says.
struct FigureCheck {
  let json: Any

  /// - Parameter bytes: the JSON of a run, or of a comparison.
  init(_ bytes: [UInt8]) throws {
    json = try JSONSerialization.jsonObject(with: Data(bytes))
  }

  /// What is wrong on the page, in words; empty where everything equals the JSON.
  func mistakes(_ figures: [PageProbe.Figure]) -> [String] {
    figures.compactMap { figure in
      mistake(figure).map { "\(figure.path): \($0) (\(figure.value ?? "-"), '\(figure.text)')" }
    }
  }

  private func mistake(_ figure: PageProbe.Figure) -> String? {
    switch value(at: figure.path) {
    case let text as String: return text == figure.text ? nil : "the JSON says '\(text)'"
    case let number as NSNumber: return mistake(figure, number.doubleValue)
    default: return "the JSON has no such place"
    }
  }

  private func mistake(_ figure: PageProbe.Figure, _ exact: Double) -> String? {
    guard let value = figure.value.flatMap(Double.init) else { return "it is no number" }
    // The parser of the JSON rounds the last bit in its own way.
    guard abs(value - exact) <= abs(exact) * 1e-12 else { return "the JSON says \(exact)" }
    guard let (shown, step) = Self.read(figure.text) else { return "nobody can read it" }
    // A time is told in the unit that fits; in the JSON the field's name tells its unit.
    let isTime = figure.text.hasSuffix("s")
    let expected = isTime ? exact * Self.microseconds(figure.path) : exact
    return abs(shown - expected) <= step * 0.5001 + abs(expected) * 1e-9
      ? nil : "people read \(shown) and not \(expected)"
  }

  /// What a text says, in microseconds where it is a time, and the worth of its last digit.
  private static func read(_ text: String) -> (value: Double, step: Double)? {
    let parts = text.replacing(",", with: "").split(separator: " ")
    guard let first = parts.first, let number = Double(first) else { return nil }
    let units = [
      "": 1.0, "µs": 1, "ms": 1e3, "s": 1e6, "%": 0.01, "k": 1e3, "M": 1e6, "KiB": 1,
    ]
    guard let unit = units[parts.dropFirst().joined(separator: " ")] else { return nil }
    let decimals = first.split(separator: ".").dropFirst().first?.count ?? 0
    return (number * unit, unit * pow(10, -Double(decimals)))
  }

  private static func microseconds(_ path: String) -> Double {
    if path.hasSuffix("Milliseconds") { return 1e3 }
    let seconds = ["Seconds", "second", "Start"]
    return seconds.contains { path.hasSuffix($0) } ? 1e6 : 1
  }

  func value(at path: String) -> Any? {
    var place: Any? = json
    for step in path.split(separator: ".") {
      if let index = Int(step), let list = place as? [Any] {
        place = list.indices.contains(index) ? list[index] : nil
      } else {
        place = (place as? [String: Any])?[String(step)]
      }
    }
    return place
  }
}
