/// What a client does that is not healthy.
enum Trouble: String, CaseIterable, Sendable {
  /// Comes, joins, speaks, takes another name, leaves in one way or another, and comes again.
  case churn = "come and go"

  /// Goes with a reset, wherever it stands: in a registration, in a line, in a room.
  case reset = "reset in the middle"

  /// Stops reading in two busy rooms until it is ended.
  case stall = "stop reading"

  /// Sends as much as it can in bursts, and reads what comes of it.
  case flood = "flood"

  /// Sends bytes that are no protocol, and protocol that is no sense.
  case garbage = "send garbage"

  /// Of every eight: three, two, and one of each other.
  static let shares: [Trouble] = [.churn, .reset, .garbage, .churn, .stall, .reset, .flood, .churn]
}
