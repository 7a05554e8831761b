/// What stands in a list of a room: whom it is about, and what it does to them.
///
/// A mask of `nickname!user@host`, or an account's name behind `~a:`; either of them behind `~m:`
/// as well ("extbans"; ISUPPORT `EXTBAN=~,am`).
public struct RoomMask: Sendable, Hashable, CustomStringConvertible {
  /// What a ban does, and what an exception lifts.
  public enum Effect: Sendable, Hashable {
    /// They stay out, and are silent where they are in already.
    case all

    /// `~m:` They may come and read, and are silent.
    case muting
  }

  private enum People: Sendable, Hashable {
    case source(SourceMask)

    /// Whoever is logged in to an account of that name.
    case account(Mask)
  }

  public let effect: Effect
  private let people: People

  /// The letters behind the tilde.
  public static let extensions = "am"

  /// The names of the one that is about accounts (ISUPPORT `ACCOUNTEXTBAN`).
  public static let accountExtensions = ["a", "account"]

  /// Reads what somebody wants in a list.
  ///
  /// - Parameter list: the list's letter.
  /// - Throws: where it can match nobody, or has no meaning in this list.
  public init(
    _ text: String, in list: Character, _ limits: MaskLimits = MaskLimits()
  ) throws(MaskFault) {
    var rest = text[...]
    if let (name, tail) = Self.extension(of: rest), name == "m" {
      guard "be".contains(list) else { throw .notInThisList("m") }
      (effect, rest) = (.muting, tail)
    } else {
      effect = .all
    }
    if let (name, tail) = Self.extension(of: rest) {
      guard Self.accountExtensions.contains(name) else { throw .unknownExtension(name) }
      people = .account(try Self.account(String(tail), limits))
    } else {
      people = .source(try SourceMask(completing: String(rest), limits))
    }
    guard description.utf8.count <= limits.maskBytes else {
      throw .tooLong(limit: limits.maskBytes)
    }
  }

  public var description: String {
    let prefix = effect == .muting ? "~m:" : ""
    return switch people {
    case .source(let mask): "\(prefix)\(mask)"
    case .account(let mask): "\(prefix)~a:\(mask)"
    }
  }

  /// Two that mean the same are equal: accounts are named in either case.
  public static func == (left: RoomMask, right: RoomMask) -> Bool {
    guard left.effect == right.effect else { return false }
    return switch (left.people, right.people) {
    case (.source(let one), .source(let other)): one == other
    case (.account(let one), .account(let other)):
      FoldedName(one.description) == FoldedName(other.description)
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(effect)
    switch people {
    case .source(let mask): hasher.combine(mask)
    case .account(let mask): hasher.combine(FoldedName(mask.description))
    }
  }

  /// Whether it is about somebody.
  public func matches(_ subject: MaskSubject) -> Bool {
    switch people {
    case .source(let mask): mask.matches(subject)
    // A guest has no account, whatever the mask.
    case .account(let mask): subject.account.map(mask.matches) ?? false
    }
  }

  /// The word of `~word:…` and what is behind it. A user name begins with a tilde as well, and has
  /// no colon.
  private static func `extension`(of text: Substring) -> (name: String, rest: Substring)? {
    guard text.first == "~", let colon = text.firstIndex(of: ":") else { return nil }
    let name = text[text.index(after: text.startIndex)..<colon]
    guard !name.isEmpty, name.utf8.count <= 16,
      name.allSatisfy({ $0.isASCII && $0.isLetter })
    else { return nil }
    return (String(name), text[text.index(after: colon)...])
  }

  /// An account has the name of a nickname; `*` and `?` stand for any characters.
  private static func account(_ text: String, _ limits: MaskLimits) throws(MaskFault) -> Mask {
    guard !text.isEmpty else { throw .empty(.nickname) }
    guard text.utf8.count <= limits.maskBytes else { throw .tooLong(limit: limits.maskBytes) }
    try Mask.check(text, .nickname) { Names.isNicknameByte($0) }
    return Mask(text)
  }
}
