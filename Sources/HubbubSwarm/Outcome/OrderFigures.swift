/// M7.
public struct OrderFigures: Sendable, Codable, Equatable {
  public var disagreement = Disagreement()
  public var senderOrderBreaks = 0

  /// Messages with a server-time, and of these, such as were earlier than the one before.
  public var serverTimes = 0
  public var serverTimeBreaks = 0

  /// Whose messages went back furthest in time most often, and how far the furthest, in
  /// milliseconds.
  public var serverTimeCulprit: String?
  public var serverTimeFurthest = 0

  /// Arrivals with an id of the server's, and of these, such as others were told otherwise.
  public var serverIDs = 0
  public var serverIDBreaks = 0

  /// Who was told other ids than the others.
  public var serverIDDeceived: [String] = []

  /// M7d; nil where the server has no history.
  public var history: HistoryFigures?
}
