import Glibc

/// Figures as people read them.
enum Words {
  /// With this many digits after the point.
  static func number(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "–" }
    let scale = pow(10, Double(digits))
    let rounded = (value * scale).rounded() / scale
    let whole = Int64((abs(rounded) * scale).rounded())
    let divisor = Int64(scale)
    let sign = rounded < 0 ? "-" : ""
    guard digits > 0 else { return sign + grouped(whole) }
    let fraction = String(whole % divisor)
    let zeros = String(repeating: "0", count: digits - fraction.utf8.count)
    return "\(sign)\(grouped(whole / divisor)).\(zeros)\(fraction)"
  }

  /// 1234567 → 1,234,567.
  static func grouped(_ value: Int64) -> String {
    var digits = String(value)
    var groups: [String] = []
    while digits.utf8.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits = String(digits.dropLast(3))
    }
    return ([digits] + groups).joined(separator: ",")
  }

  /// A span given in microseconds, with three digits and a fitting unit.
  static func time(_ microseconds: Double) -> String {
    switch microseconds {
    // The bounds are where rounding would need one more digit.
    case ..<9.95: number(microseconds, 1) + " µs"
    case ..<999.5: number(microseconds, 0) + " µs"
    case ..<9_995: number(microseconds / 1_000, 2) + " ms"
    case ..<999_500: number(microseconds / 1_000, 0) + " ms"
    default: number(microseconds / 1_000_000, 1) + " s"
    }
  }

  /// With as many digits as it takes, four at most.
  static func exact(_ value: Double) -> String {
    let digits = (0..<4).first { digits in
      let scaled = value * pow(10, Double(digits))
      return abs(scaled - scaled.rounded()) < 1e-6
    }
    return number(value, digits ?? 4)
  }

  /// 1 bot, 2 bots.
  static func count(_ count: Int, _ thing: String) -> String {
    "\(grouped(Int64(count))) \(thing)\(count == 1 ? "" : "s")"
  }

  /// An amount of memory, given in KiB.
  static func memory(_ kibibytes: Int) -> String {
    kibibytes < 10_240 ? "\(kibibytes) KiB" : "\(number(Double(kibibytes) / 1_024, 1)) MiB"
  }

  /// With this many digits, or with more where it would look as if it were on a gate that it is not
  /// on.
  static func deciding(_ value: Double, against gate: Double, digits: Int) -> String {
    let scale = pow(10, Double(digits))
    let isOnGate = (value * scale).rounded() == (gate * scale).rounded() && value != gate
    return number(value, isOnGate && digits < 8 ? nextDigits(value, gate, digits) : digits)
  }

  private static func nextDigits(_ value: Double, _ gate: Double, _ digits: Int) -> Int {
    (digits...8).first { digits in
      let scale = pow(10, Double(digits))
      return (value * scale).rounded() != (gate * scale).rounded()
    } ?? digits
  }

  static func percent(_ share: Double) -> String { number(share * 100, 0) + " %" }

  /// 12,300,000 → 12.3 M.
  static func short(_ value: Double) -> String {
    switch value {
    case 1e6...: number(value / 1e6, 2) + " M"
    case 1e4...: number(value / 1e3, 0) + " k"
    case 1e3...: number(value / 1e3, 1) + " k"
    default: number(value, value < 10 && value != value.rounded() ? 1 : 0)
    }
  }

  static func percentiles(_ latency: LatencyPercentiles) -> String {
    "p50 \(time(latency.p50)), p99 \(time(latency.p99)), p99.9 \(time(latency.p999)), "
      + "max \(time(latency.greatest))"
  }
}
