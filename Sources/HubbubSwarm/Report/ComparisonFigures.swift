import Foundation

/// The figures of a comparison as they stand in its JSON.
struct ComparisonFigures: Encodable {
  /// The version of this format. It grows when a field comes, changes its meaning or goes away.
  var format = 2

  /// Whose runs were compared, in the order of the cells.
  let labels: [Label]
  let rows: [Row]

  struct Label: Encodable {
    let label: String
    let runs: Int

    /// Of these, how many kept every gate, how many broke one, and how many could not be told; and
    /// that in words.
    let held: Int
    let failed: Int
    let notEnough: Int
    let verdict: String
  }

  struct Row: Encodable {
    let name: String

    /// `time` is in microseconds.
    let unit: Comparison.Unit

    /// One for each label; null where its runs say nothing of it.
    let cells: [Comparison.Cell?]
  }

  init(_ comparison: Comparison) {
    labels = comparison.labels.map {
      Label(
        label: $0, runs: comparison.runs($0), held: comparison.count($0, .held),
        failed: comparison.count($0, .failed), notEnough: comparison.count($0, .notEnough),
        verdict: comparison.verdict($0))
    }
    rows = comparison.filledRows.map { Row(name: $0.row.name, unit: $0.row.unit, cells: $0.cells) }
  }
}

extension Comparison {
  /// The medians and ranges as JSON.
  ///
  /// - Throws: `EncodingError`.
  public func json() throws -> [UInt8] { try JSONReport.encode(ComparisonFigures(self)) }
}
