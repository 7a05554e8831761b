/// What became of those whose node died, and of what was said (M10).
public struct FailoverFigures: Sendable, Codable, Equatable {
  /// Everybody who went on at another node, in the order of time.
  public var moves: [MoveFigures] = []

  /// Who lost its connection and was let in by no node.
  public var stranded: [String] = []

  /// The longest time, in seconds, in which one who was connected all the while heard nothing since
  /// the first connection was lost.
  public var othersSilenceSeconds = 0.0

  /// Messages that were on their way from those whose connection ended and that nobody heard; and
  /// those that were due while they were away, and were not said.
  public var inFlight = 0
  public var unsaid = 0

  /// What was said while those were away who were owed it; of this, what the history gave them.
  public var missed = 0
  public var recovered = 0

  /// What came twice to those who came back, and pairs that they have in another order.
  public var doubled = 0
  public var disagreement = Disagreement()

  /// Why what was missed could not be asked for; nil where it could.
  public var historyFailure: String?

  /// The first time of each that was thrown out by a node that lived on.
  var dropped: [MoveFigures] {
    var names: Set<String> = []
    return moves.filter { $0.isDropped && names.insert($0.nickname).inserted }
  }

  /// Whether those who came back have what the others have.
  public var isWhole: Bool { recovered == missed && doubled == 0 && disagreement.pairs == 0 }
}
