extension Latency {
  /// The distribution as a curve: closer and closer steps towards 100 percent.
  var curve: [CurvePoint] {
    CurvePoint.percentiles(of: Int(count)).map { CurvePoint(percentile: $0, value: at($0)) }
  }
}
