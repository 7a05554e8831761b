/// What stands in a list of a room: whom it is about, and what it does to them.
///
/// A mask alone, or one behind `~m:` (an "extban"; ISUPPORT `EXTBAN=~,m`). Whom it is about is
/// always a mask of `nickname!user@host` today; an account (`~a:`) will be another case of
/// `People`.
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
  }

  public let effect: Effect
  private let people: People

  /// The letters behind the tilde.
  public static let extensions = "m"

  /// Reads what somebody wants in a list.
  ///
  /// - Parameter list: the list's letter.
  /// - Throws: where it can match nobody, or has no meaning in this list.
  public init(
    _ text: String, in list: Character, _ limits: MaskLimits = MaskLimits()
  ) throws(MaskFault) {
    guard let letter = Self.letter(of: text) else {
      effect = .all
      people = .source(try SourceMask(completing: text, limits))
      return
    }
    guard letter == "m" else { throw .unknownExtension(letter) }
    guard "be".contains(list) else { throw .notInThisList(letter) }
    effect = .muting
    people = .source(try SourceMask(completing: String(text.dropFirst(3)), limits))
    guard description.utf8.count <= limits.maskBytes else {
      throw .tooLong(limit: limits.maskBytes)
    }
  }

  public var description: String {
    let prefix = effect == .muting ? "~m:" : ""
    return switch people {
    case .source(let mask): "\(prefix)\(mask)"
    }
  }

  /// Whether it is about somebody.
  public func matches(_ subject: MaskSubject) -> Bool {
    switch people {
    case .source(let mask): mask.matches(subject)
    }
  }

  /// The letter of `~m:…`. A user name begins with a tilde as well, and has no colon.
  private static func letter(of text: String) -> Character? {
    guard text.first == "~" else { return nil }
    let rest = text.dropFirst()
    guard let letter = rest.first, letter.isASCII, letter.isLetter, rest.dropFirst().first == ":"
    else { return nil }
    return letter
  }
}
