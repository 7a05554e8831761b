/// How evenly something is shared out (M2, M3): three figures, since each alone is blind.
///
/// Of 20 senders one that is starved wholly leaves Jain's index at 0.95, and only the least share,
/// 0, tells of it. Jain, Chiu and Hawe (1984).
public struct Evenness: Sendable, Equatable, Codable {
  /// (Σy)² / (n Σy²): 1 where all have the same, 1/n where one has everything.
  public let jain: Double

  /// What the worst off has, over the mean.
  public let leastShare: Double

  /// What the best off has, over the mean.
  public let greatestShare: Double

  /// The index of the worst off.
  public let worstOff: Int

  /// - Parameter amounts: what each one got, in any unit.
  /// - Returns: nil where there is nothing to share, or nobody.
  public init?(_ amounts: [Double]) {
    let sum = amounts.reduce(0, +)
    guard sum > 0 else { return nil }
    let squares = amounts.reduce(0) { $0 + $1 * $1 }
    let mean = sum / Double(amounts.count)
    jain = sum * sum / (Double(amounts.count) * squares)
    worstOff = amounts.indices.min { amounts[$0] < amounts[$1] }!
    leastShare = amounts[worstOff] / mean
    greatestShare = amounts.max()! / mean
  }

  /// The gate of M2: an even index and nobody far behind.
  public var isFair: Bool { jain >= 0.99 && leastShare >= 0.9 }
}
