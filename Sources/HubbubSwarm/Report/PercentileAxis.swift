import Glibc

/// A horizontal axis of percentiles that opens up towards 100: 0, 90, 99, 99.9 … lie equally far
/// apart.
struct PercentileAxis {
  /// How many nines the axis reaches to.
  private let nines: Double

  /// - Parameter count: of the values; more of them can tell more nines apart.
  init(count: Int) {
    nines = min(6, max(2, ceil(log10(Double(max(count, 100))))))
  }

  /// For `LineChart.marks`.
  var marks: [(x: Double, text: String)] {
    let texts = ["0", "90", "99", "99.9", "99.99", "99.999", "99.9999"]
    return texts.prefix(Int(nines) + 1).enumerated().map { (Double($0) / nines, $1) }
  }

  /// For `LineChart.Line.points`.
  func points(_ curve: [CurvePoint]) -> [(x: Double, y: Double)] {
    curve.map { point in
      let rest = max(1 - point.percentile / 100, pow(10, -nines))
      return (min(-log10(rest) / nines, 1), point.value)
    }
  }
}
