/// What one bot did and heard, handed over when the run is over.
struct Testimony: Sendable {
  let assignment: Assignment
  var sent = SentLog()
  var arrivals = ArrivalLog()

  /// Arrivals with a sender or a number that nobody has.
  var strays = 0

  /// The server's name for this bot.
  var nickname = ""

  /// Arrivals under a name or in a room that was not expected.
  var claims: [Provenance.Claim: Int] = [:]

  /// Arrivals while the bot was not in the room, and who kicked it out.
  var outside = Membership.Outside()
  var kicks: [String] = []

  /// Messages of this run whose text was changed or cut on the way.
  var altered = 0

  var serverTimes = ServerTimes()

  /// The server's id of each arrival, as a number; empty where they were not looked at.
  var serverIDs: [UInt64] = []
  var hasEcho = false

  /// What the server refused, by numeric or command: how often, and its words.
  var refusals: [String: Refusal] = [:]

  /// Why the connection ended before the run was over, and when; nil if it held.
  var ending: (reason: String, time: Nanoseconds)?

  /// Each time it went on at another node, in their order.
  var moves: [Move] = []

  /// Whether it was connected to its node all the while.
  var isUninterrupted: Bool { ending == nil && moves.isEmpty }

  /// Who left while the run went on, and when: a stalled reader cannot see its own end, since that
  /// waits behind all that it has not read, but the others are told.
  var departures: [String: Nanoseconds] = [:]

  /// What the server remembers of the room; nil where nobody asked, or it has no history.
  var history: History?

  struct History: Sendable, Equatable {
    /// The messages of the run, the oldest first.
    var ids: [UInt32]

    /// Why the server did not give it, in its words.
    var failure: String?
  }

  struct Refusal: Sendable, Equatable, Codable {
    var count: Int
    var words: String
  }

  init(_ assignment: Assignment) {
    self.assignment = assignment
  }
}
