import Glibc

/// Lines over a horizontal axis, with times on a logarithmic vertical one.
struct LineChart {
  struct Line {
    /// `one`, `two` or `three`: a class of the style sheet.
    let style: String
    let name: String

    /// Horizontal place from 0 to 1, and microseconds.
    let points: [(x: Double, y: Double)]
  }

  let lines: [Line]

  /// Marks of the horizontal axis: place from 0 to 1, and text.
  let marks: [(x: Double, text: String)]

  private static let (width, height) = (720.0, 260.0)
  private static let (left, right, top, bottom) = (84.0, 30.0, 8.0, 30.0)

  /// Empty where there is nothing to draw.
  var svg: String {
    let values = lines.flatMap { $0.points.map { max($0.y, 1) } }
    guard let least = values.min(), let greatest = values.max() else { return "" }
    let low = floor(log10(least))
    let high = max(ceil(log10(greatest)), low + 1)
    let names = lines.map(\.name).joined(separator: ", ")
    var body = axis(low, high)
    for line in lines {
      let points = line.points.map { point in
        "\(Self.round(x(point.x))),\(Self.round(y(point.y, low, high)))"
      }
      body += "<polyline class=\"\(line.style)\" points=\"\(points.joined(separator: " "))\"/>"
    }
    return legend
      + "<svg class=\"chart\" viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" "
      + "aria-label=\"\(Markup.escaped(names))\">\(body)</svg>"
  }

  private var legend: String {
    let colours = ["one": "--one", "two": "--two"]
    let entries = lines.map { line in
      "<span class=\"scale\"><i class=\"\(colours[line.style] == nil ? "dashed" : "")\" "
        + "style=\"border-color:var(\(colours[line.style] ?? "--soft"))\"></i>"
        + "\(Markup.escaped(line.name))</span>"
    }
    return "<div class=\"legend\">\(entries.joined())</div>"
  }

  private func axis(_ low: Double, _ high: Double) -> String {
    var text = ""
    for power in Int(low)...Int(high) {
      let height = Self.round(y(pow(10, Double(power)), low, high))
      text +=
        "<line class=\"grid\" x1=\"\(Self.left)\" x2=\"\(Self.width - Self.right)\" "
        + "y1=\"\(height)\" y2=\"\(height)\"/><text x=\"\(Self.left - 6)\" y=\"\(height + 4)\" "
        + "text-anchor=\"end\" class=\"scale\">\(Self.label(power))</text>"
    }
    for mark in marks {
      text +=
        "<text x=\"\(Self.round(x(mark.x)))\" y=\"\(Self.height - 6)\" "
        + "text-anchor=\"middle\" class=\"scale\">"
        + "\(Markup.escaped(mark.text))</text>"
    }
    return text
  }

  private func x(_ place: Double) -> Double {
    Self.left + place * (Self.width - Self.left - Self.right)
  }

  private func y(_ value: Double, _ low: Double, _ high: Double) -> Double {
    let share = (log10(max(value, 1)) - low) / (high - low)
    return Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom)
  }

  /// A power of ten in microseconds.
  private static func label(_ power: Int) -> String {
    let unit = power < 3 ? "µs" : power < 6 ? "ms" : "s"
    let digits = ["1", "10", "100"][((power % 3) + 3) % 3]
    return "\(digits) \(unit)"
  }

  private static func round(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
