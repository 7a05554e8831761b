/// What a LIST asks for: names, and the conditions of ISUPPORT `ELIST=CMNTU` (Modern IRC "LIST
/// message").
public struct ListFilter: Sendable, Equatable {
  /// Channels by their whole name, in the order in which they were asked for; empty for any.
  public private(set) var names: [String] = []

  private var masks: [Mask] = []
  private var excluded: [Mask] = []
  private var users: [Bound] = []
  private var ages: [Bound] = []
  private var topicAges: [Bound] = []

  /// A number that a channel's must lie above or below.
  private struct Bound: Sendable, Equatable {
    let isAbove: Bool
    let number: Int

    func allows(_ value: Int) -> Bool { isAbove ? value > number : value < number }
  }

  /// What is to be known of a channel to filter it.
  public struct Channel: Sendable {
    public var name: String
    public var users: Int

    /// How many seconds ago it came to be.
    public var ageSeconds: Int

    /// How many seconds ago its topic was set; nil where it has none.
    public var topicAgeSeconds: Int?

    public init(name: String, users: Int, ageSeconds: Int, topicAgeSeconds: Int?) {
      self.name = name
      self.users = users
      self.ageSeconds = ageSeconds
      self.topicAgeSeconds = topicAgeSeconds
    }
  }

  /// Takes the words of a LIST, which stand between commas, apart. Words without a meaning are
  /// passed over.
  public init(_ words: String) {
    for word in words.split(separator: ",").map(String.init) { take(word) }
  }

  /// How many conditions there are besides names.
  public var conditions: Int {
    masks.count + excluded.count + users.count + ages.count + topicAges.count
  }

  /// Whether any channel may fit that `names` does not name.
  public var looksAtAll: Bool { names.isEmpty }

  /// Whether the channel is to be listed.
  public func allows(_ channel: Channel) -> Bool {
    users.allSatisfy { $0.allows(channel.users) }
      && ages.allSatisfy { $0.allows(channel.ageSeconds) }
      && topicAges.allSatisfy { bound in channel.topicAgeSeconds.map(bound.allows) ?? false }
      && (masks.isEmpty || masks.contains { $0.matches(channel.name) })
      && !excluded.contains { $0.matches(channel.name) }
  }

  private mutating func take(_ word: String) {
    let rest = String(word.dropFirst())
    switch word.utf8.first {
    case UInt8(ascii: "<"), UInt8(ascii: ">"):
      if let bound = Self.bound(word[...]) { users.append(bound) }
    case UInt8(ascii: "C"), UInt8(ascii: "c"):
      if let bound = Self.bound(rest[...], unit: 60) { ages.append(bound) }
    case UInt8(ascii: "T"), UInt8(ascii: "t"):
      if let bound = Self.bound(rest[...], unit: 60) { topicAges.append(bound) }
    case UInt8(ascii: "!"):
      excluded.append(Mask(rest))
    default:
      let mask = Mask(word)
      if mask.isPattern { masks.append(mask) } else { names.append(word) }
    }
  }

  /// `<3` or `>3`; a number that is too great for its unit is as great as can be.
  private static func bound(_ text: Substring, unit: Int = 1) -> Bound? {
    guard let sign = text.first, sign == "<" || sign == ">" else { return nil }
    let digits = text.dropFirst()
    guard !digits.isEmpty, digits.utf8.allSatisfy(Ascii.isDigit) else { return nil }
    let (number, isTooGreat) = (Int(digits) ?? .max).multipliedReportingOverflow(by: unit)
    return Bound(isAbove: sign == ">", number: isTooGreat ? .max : number)
  }
}
