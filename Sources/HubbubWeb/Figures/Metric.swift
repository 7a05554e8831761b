/// A measured quantity with its values, as Prometheus keeps it.
public struct Metric: Sendable, Equatable {
  public enum Kind: String, Sendable {
    /// Only grows, until the program is started again. Its name ends in `_total`.
    case counter
    case gauge

    /// Counts by upper bounds; see `Histogram`.
    case histogram

    /// Quantiles that were taken here.
    case summary
  }

  public struct Sample: Sendable, Equatable {
    /// What is put behind the metric's name: nothing, or `_bucket`, `_sum`, `_count`.
    let suffix: String
    let labels: [(name: String, value: String)]
    let value: Double

    public static func == (left: Sample, right: Sample) -> Bool {
      left.suffix == right.suffix && left.labels.elementsEqual(right.labels, by: ==)
        && left.value == right.value
    }
  }

  public let name: String
  public let help: String
  public let kind: Kind
  public private(set) var samples: [Sample] = []

  /// - Parameters:
  ///   - name: letters, digits and `_`, with the unit behind: `hubbub_sent_bytes_total`.
  ///   - help: one sentence.
  public init(_ name: String, _ kind: Kind, _ help: String) {
    precondition(Self.isName(name), "This is no name of a metric.")
    (self.name, self.kind, self.help) = (name, kind, help)
  }

  /// A metric of one value.
  public init(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
    self.init(name, kind, help)
    add(Double(value))
  }

  public init(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    self.init(name, kind, help)
    add(value)
  }

  /// Adds a value. Two values of one metric have different labels.
  public mutating func add(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
    precondition(labels.allSatisfy { Self.isName($0.key) }, "This is no name of a label.")
    samples.append(Sample(suffix: "", labels: labels.map { ($0, $1) }, value: value))
  }

  /// Adds a histogram.
  ///
  /// - Parameters:
  ///   - buckets: upper bounds, ascending, each with how many values lie below or at it and above
  ///     the bound before.
  ///   - above: how many values lie above all of them.
  public mutating func add(buckets: [(upTo: Double, count: Int)], above: Int, sum: Double) {
    precondition(kind == .histogram, "Only a histogram has buckets.")
    var total = 0
    for bucket in buckets {
      total += bucket.count
      append("_bucket", [("le", MetricsText.number(bucket.upTo))], Double(total))
    }
    append("_bucket", [("le", "+Inf")], Double(total + above))
    append("_sum", [], sum)
    append("_count", [], Double(total + above))
  }

  private mutating func append(
    _ suffix: String, _ labels: [(name: String, value: String)], _ value: Double
  ) {
    samples.append(Sample(suffix: suffix, labels: labels, value: value))
  }

  private static func isName(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return !bytes.isEmpty && !(0x30...0x39).contains(bytes[0])
      && bytes.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F
      }
  }
}
