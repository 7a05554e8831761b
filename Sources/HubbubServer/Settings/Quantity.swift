/// Numbers as people write them in the settings and in commands: `12000`, `4MiB`, `30s`.
enum Quantity {
  private static let sizes = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)]

  /// The longest unit first, so that what is written is as short as it can be.
  private static let times: [(unit: String, milliseconds: Int)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// Understood, and not written.
  private static let weeks = (unit: "w", milliseconds: 7 * 86_400_000)

  /// Digits and nothing else; nil where they are too many.
  static func number(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  /// `512`, `512B`, `64KiB`, `4MiB`, `1GiB`.
  static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isNumber }
    let unit = text.dropFirst(digits.count)
    guard let number = number(String(digits)) else { return nil }
    guard !unit.isEmpty else { return number }
    guard let factor = sizes.first(where: { $0.0 == unit })?.1 else { return nil }
    return product(number, factor)
  }

  static func bytes(_ count: Int) -> String {
    let size = sizes.first { count > 0 && count % $0.1 == 0 } ?? ("B", 1)
    return size.1 == 1 ? "\(count)" : "\(count / size.1)\(size.0)"
  }

  /// `500ms`, `30s`, `2m`, `1h`, `7d`, `2w`, or several of them: `1h30m`. A bare `0` needs no unit.
  static func duration(_ text: String) -> Duration? {
    if text == "0" { return .zero }
    var rest = text[...]
    var total = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { !$0.isNumber }
      rest = rest.dropFirst(unit.count)
      guard let number = number(String(digits)),
        let factor = (times + [weeks]).first(where: { $0.unit == unit })?.milliseconds,
        let part = product(number, factor)
      else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      guard !overflow else { return nil }
      total = sum
    }
    return text.isEmpty ? nil : .milliseconds(total)
  }

  static func duration(_ duration: Duration) -> String {
    var rest = Int(duration / .milliseconds(1))
    if rest == 0 { return "0s" }
    var text = ""
    for (unit, milliseconds) in times where rest >= milliseconds {
      text += "\(rest / milliseconds)\(unit)"
      rest %= milliseconds
    }
    return text
  }

  private static func product(_ number: Int, _ factor: Int) -> Int? {
    let (result, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : result
  }
}
