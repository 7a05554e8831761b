/// A point of a distribution of times.
public struct CurvePoint: Sendable, Codable, Equatable {
  /// In percent.
  public var percentile: Double

  /// In microseconds.
  public var value: Double

  /// Where to look at a distribution of this many values: closer and closer towards 100 percent, as
  /// far as there are values to tell the difference.
  static func percentiles(of count: Int) -> [Double] {
    guard count > 0 else { return [] }
    var percentiles = [0.0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85]
    var rest = 10.0
    while rest > 100.0 / Double(count), rest > 0.0001 {
      percentiles += [100 - rest, 100 - rest * 0.75, 100 - rest * 0.5, 100 - rest * 0.25]
      rest /= 10
    }
    return percentiles + [100]
  }
}
