/// How a member is served, beside the others of its room.
enum Service: String {
  case even = ""

  /// It stands at one end of the line more often than chance explains.
  case early
  case late

  /// What it has still to get is far more than what the others have, though its connection has
  /// room.
  case behind

  /// Its connection is full: it is not the server that lets it wait.
  case full

  /// Whether the server treats it unlike the others.
  var isUnfair: Bool { self == .early || self == .late || self == .behind }

  /// The fewest broadcasts that a position is judged from.
  static let leastSamples = 30

  /// How far from the middle one may stand on average: always first or last is 0.5.
  static let tolerance = 0.25

  /// The lag, in bytes, below which nobody counts as behind.
  static let leastLag = 16 * 1024

  init(_ member: InsideReport.Member, in room: InsideReport.Room) {
    let lags = room.members.map(\.lagBytes).sorted()
    let usual = lags.isEmpty ? 0 : lags[lags.count / 2]
    if member.isBlocked {
      self = .full
    } else if member.lagBytes > max(Self.leastLag, 10 * usual) {
      self = .behind
    } else if Self.isOneSided(member, of: room.members.count) {
      self = member.meanPosition > 0.5 ? .late : .early
    } else {
      self = .even
    }
  }

  /// A place drawn by lot is uniform over 0 to 1, with a standard deviation of √(1/12); the mean of
  /// n of them has 1/√n of it. Four of these are beyond chance in a room of hundreds. Of two
  /// members one is always first or last, so the places are too coarse to judge.
  private static func isOneSided(_ member: InsideReport.Member, of members: Int) -> Bool {
    guard members > 2, member.samples >= leastSamples else { return false }
    let deviation = 0.289 / Double(member.samples).squareRoot()
    return abs(member.meanPosition - 0.5) > max(tolerance, 4 * deviation)
  }
}
