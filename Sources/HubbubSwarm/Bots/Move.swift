/// A bot lost its connection to one node, and went on at another.
struct Move: Sendable, Equatable {
  /// The nodes, as places in the plan's targets.
  let from: Int
  var to: Int

  /// Why the connection ended.
  let reason: String

  /// When it ended, when the bot was in its room again, and when it had asked for what it missed.
  let lostAt: Nanoseconds
  var inRoomAt: Nanoseconds
  var backAt: Nanoseconds

  /// How many messages it had written by then; the last of them may never have reached anybody.
  let sent: Int

  /// The name that it came back under.
  var nickname: String

  /// Messages that were due while it was away, and were not said.
  var unsaid = 0

  /// Messages that the history gave it, and why it gave none; both nil where there is no history.
  var remembered: Int?
  var failure: String?
}
