extension Latency {
  /// The distribution as a curve: closer and closer steps towards 100 percent.
  var curve: [CurvePoint] {
    guard count > 0 else { return [] }
    var percentiles = [0.0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85]
    var rest = 10.0
    while rest > 100.0 / Double(count), rest > 0.0001 {
      percentiles += [100 - rest, 100 - rest * 0.75, 100 - rest * 0.5, 100 - rest * 0.25]
      rest /= 10
    }
    return (percentiles + [100]).map { CurvePoint(percentile: $0, value: at($0)) }
  }
}
