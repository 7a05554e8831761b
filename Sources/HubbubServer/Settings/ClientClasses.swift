import HubbubRooms
import IRCWire

/// The classes of clients as they are asked for: with their addresses read once. A value.
struct ClientClasses: Sendable, Equatable {
  private let classes: [(ClientClass, ranges: [AddressRange])]

  init(_ settings: [ClientClass]) {
    classes = settings.map { ($0, $0.addresses.compactMap { AddressRange($0) }) }
  }

  /// What people should know who say classes of their own; nil where the server's own machine is in
  /// one, and where there is none, which says it as clearly.
  static func note(on settings: [ClientClass]) -> String? {
    let ranges = settings.flatMap(\.addresses).compactMap { AddressRange($0) }
    let isLocal = ["127.0.0.1", "::1"].contains { address in
      ranges.contains { $0.contains(address) }
    }
    guard !settings.isEmpty, !isLocal else { return nil }
    return
      "the server's own machine is in none of them, and is limited as all others are; to keep it "
      + "free add {name: local, addresses: [127.0.0.0/8, '::1'], throttled: false, "
      + "clients-per-address: 0}"
  }

  static func == (left: ClientClasses, right: ClientClasses) -> Bool {
    left.classes.map(\.0) == right.classes.map(\.0)
  }

  /// How many connections an address may have; nil for any number.
  func clientsPerAddress(_ address: String, _ limits: Limits) -> Int? {
    let wanted = first { isFrom(address, $0) }?.clientsPerAddress ?? limits.clientsPerAddress
    return wanted == 0 ? nil : wanted
  }

  /// Whether passwords from this address are looked at one at a time, and not soon after a wrong
  /// one. Not where clients are not throttled: many may stand behind such an address, as behind a
  /// gateway on the server's own machine. What clients choose for themselves, as to be a bot, does
  /// not count.
  func takesTurns(from address: String) -> Bool {
    first { isFrom(address, $0) }?.isThrottled ?? true
  }

  /// How fast a client may send; nil for as fast as it likes.
  func rate(of address: String, _ profile: Profile, _ limits: Limits) -> Throttle.Rate? {
    let known = first { entry in
      isFrom(address, entry) || entry.0.includesOperators && profile.isOperator
        || entry.0.includesBots && profile.isBot
    }
    guard known?.isThrottled ?? true else { return nil }
    return Throttle.Rate(
      burstLines: known?.burstLines ?? limits.burstLines,
      linesPerSecond: known?.linesPerSecond ?? limits.linesPerSecond)
  }

  /// The same for each kind of line. A class that may say more or less than others may ask as many
  /// times more or less.
  func rates(of address: String, _ profile: Profile, _ limits: Limits) -> Allowance.Rates? {
    guard let rate = rate(of: address, profile, limits) else { return nil }
    func scaled(_ questions: Int, _ lines: Int, _ usual: Int) -> Int {
      // A limit of zero would never end.
      max(1, Int(clamping: Int64(Double(questions) * Double(lines) / Double(usual))))
    }
    let questions = Throttle.Rate(
      burstLines: scaled(
        limits.questionsPerRoom * limits.roomsPerClient, rate.burstLines, limits.burstLines),
      linesPerSecond: scaled(
        limits.questionsPerSecond, rate.linesPerSecond, limits.linesPerSecond))
    return Allowance.Rates(speech: rate, questions: questions)
  }

  private func first(
    where isWanted: ((ClientClass, ranges: [AddressRange])) -> Bool
  ) -> ClientClass? {
    classes.first(where: isWanted)?.0
  }

  private func isFrom(
    _ address: String, _ entry: (ClientClass, ranges: [AddressRange])
  ) -> Bool {
    entry.ranges.contains { $0.contains(address) }
  }
}
