/// What a WHO asks to be told of each person (WHOX: `%tcuihsnfdlaor,<token>`).
///
/// IRCv3 "WHOX": the fields come in one fixed order, whatever the order in which they were asked
/// for.
public struct WhoFields: Sendable, Equatable {
  /// The fields in the order in which they are sent.
  public enum Field: Character, Sendable, CaseIterable {
    case token = "t"
    case channel = "c"
    case userName = "u"
    case address = "i"
    case host = "h"
    case server = "s"
    case nickname = "n"
    case flags = "f"
    case hops = "d"
    case idleSeconds = "l"
    case account = "a"
    case operatorLevel = "o"
    case realName = "r"
  }

  public let fields: [Field]

  /// "" where none was given: then the field is `0`.
  public let token: String

  /// Takes `%fields[,token]` apart, with or without letters of what to search in before the `%`;
  /// nil where the text asks for no fields.
  public init?(_ text: String) {
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let request = parts[1].split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    let letters = request.first ?? ""
    fields = Field.allCases.filter { letters.contains($0.rawValue) }
    // "The token MUST contain only digit characters and MUST contain at most 3 characters."
    let digits = request.count > 1 ? request[1] : ""
    let isToken = (1...3).contains(digits.utf8.count) && digits.utf8.allSatisfy(Ascii.isDigit)
    token = isToken ? String(digits) : ""
  }
}
