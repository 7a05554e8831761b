/// Which mode letters take a parameter: the four kinds of `CHANMODES`, and the member prefixes.
///
/// Modern IRC "Channel Modes" and "MODE message".
public struct ModeSyntax: Sendable {
  /// Type A: lists. Without a parameter: a question for the list.
  public var lists: String

  /// Type B: a parameter when set and when unset.
  public var always: String

  /// Type C: a parameter only when set.
  public var whenSet: String

  /// Type D: never a parameter.
  public var flags: String

  /// Member modes with their prefixes, the highest first. Always a parameter.
  public var prefixes: [(mode: Character, prefix: Character)]

  public init(
    lists: String = "", always: String = "", whenSet: String = "", flags: String = "",
    prefixes: [(mode: Character, prefix: Character)] = []
  ) {
    self.lists = lists
    self.always = always
    self.whenSet = whenSet
    self.flags = flags
    self.prefixes = prefixes
  }

  /// The value of the ISUPPORT token `CHANMODES`.
  public var channelModesToken: String { "\(lists),\(always),\(whenSet),\(flags)" }

  /// The value of the ISUPPORT token `PREFIX`.
  public var prefixToken: String {
    "(\(String(prefixes.map(\.mode))))\(String(prefixes.map(\.prefix)))"
  }

  /// All letters, in alphabetical order, as 004 announces them.
  public var letters: String { String((lettersWithParameter + flags).sorted()) }

  /// The letters that take a parameter, in alphabetical order.
  public var lettersWithParameter: String {
    String((lists + always + whenSet + String(prefixes.map(\.mode))).sorted())
  }

  /// What one letter of a mode string asks for.
  public enum Request: Sendable, Equatable {
    case change(ModeChange)

    /// A list's letter without a parameter: show the list.
    case show(Character)

    /// The letter needs a parameter and there is none left.
    case missingParameter(Character)

    case unknown(Character)
  }

  /// Takes `+ov-l alice bob` apart. Letters before any sign are taken as set.
  public func parse(_ modes: String, parameters: [String]) -> [Request] {
    var rest = parameters[...]
    var isAdding = true
    var requests: [Request] = []
    for letter in modes {
      switch letter {
      case "+": isAdding = true
      case "-": isAdding = false
      default: requests.append(request(letter, isAdding: isAdding, &rest))
      }
    }
    return requests
  }

  /// Whether it is about a mode of type D.
  public func isFlag(_ request: Request) -> Bool {
    guard case .change(let change) = request else { return false }
    return flags.contains(change.mode)
  }

  private func request(
    _ letter: Character, isAdding: Bool, _ rest: inout ArraySlice<String>
  ) -> Request {
    let isMember = prefixes.contains { $0.mode == letter }
    if lists.contains(letter) {
      guard let mask = rest.popFirst() else { return .show(letter) }
      return .change(ModeChange(isAdding: isAdding, letter, mask))
    }
    if isMember || always.contains(letter) || (isAdding && whenSet.contains(letter)) {
      guard let parameter = rest.popFirst() else {
        // "-k" without its key is understood, as everywhere.
        let canGoWithout = !isAdding && always.contains(letter)
        return canGoWithout
          ? .change(ModeChange(isAdding: false, letter)) : .missingParameter(letter)
      }
      return .change(ModeChange(isAdding: isAdding, letter, parameter))
    }
    if flags.contains(letter) || whenSet.contains(letter) {
      return .change(ModeChange(isAdding: isAdding, letter))
    }
    return .unknown(letter)
  }
}
