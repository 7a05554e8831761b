/// M4: Kendall's W beside what chance makes of it.
public struct ConcordanceFigures: Sendable, Equatable, Codable {
  /// The threshold.
  public var threshold: Double
  public var value: Double

  /// What W comes to when each block of messages is dealt out anew: in the middle, and what it
  /// stays under in 99 of 100 rounds.
  public var chanceMedian: Double
  public var chanceMost: Double

  /// The most that a broadcaster by lot showed on this machine; nil where nobody calibrated.
  public var calibrationMost: Double?
  public var messages: Int
  public var compared: Int
  public var isEnough: Bool

  var standing: Verdict.Standing {
    guard isEnough else { return .doubtful }
    guard value > threshold, value > chanceMost else { return .passed }
    // Where chance itself is as uneven here, it is the machine's doing.
    if let calibrationMost, value <= 2 * calibrationMost { return .doubtful }
    return .failed
  }
}
