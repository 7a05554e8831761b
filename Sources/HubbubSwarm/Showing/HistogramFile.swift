import Histogram

/// The response times as a percentile distribution in milliseconds, as the usual HdrHistogram
/// plotters read it (`.hgrm`).
enum HistogramFile {
  /// - Throws: `OutputFile.Unwritable`.
  static func write(_ latency: Latency, to path: String) throws(OutputFile.Unwritable) {
    var text = ""
    latency.histogram.outputPercentileDistribution(
      to: &text, outputValueUnitScalingRatio: 1_000, percentileTicksPerHalfDistance: 5)
    try OutputFile.write(Array(text.utf8), to: path)
  }
}
