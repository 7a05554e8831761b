import FoundationEssentials

/// The first message of whoever wants to see the dashboard: an operator's name and password, or a
/// token. It is asked for in the stream and not in the address, since addresses are written down by
/// proxies and browsers.
public enum LiveGreeting: Sendable, Equatable {
  case oper(name: String, password: String)
  case token(String)

  /// Longer ones are none.
  public static let maximumBytes = 1024

  private struct Form: Decodable {
    var oper: String?
    var password: String?
    var token: String?
  }

  /// nil for anything else.
  public init?(_ message: [UInt8]) {
    guard message.count <= Self.maximumBytes, JSONNesting.isWithinMaximum(message),
      let form = try? JSONDecoder().decode(Form.self, from: Data(message))
    else { return nil }  // Whatever is wrong with it, it is no greeting.
    switch (form.oper, form.password, form.token) {
    case (let name?, let password?, nil): self = .oper(name: name, password: password)
    case (nil, nil, let token?): self = .token(token)
    default: return nil
    }
  }

  /// What is answered where the greeting does not hold; the stream ends with it.
  public static func refusal(_ sentence: String) -> [UInt8] {
    struct Refusal: Encodable { let refused: String }
    // A string can always be encoded.
    return (try? JSONEncoder().encode(Refusal(refused: sentence))).map(Array.init) ?? []
  }
}
