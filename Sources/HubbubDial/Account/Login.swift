import IRCWire

/// Showing whose account one has, as a plain value: what to say to what was heard (IRCv3 SASL 3.2).
struct Login {
  /// How it stands.
  enum Step: Equatable {
    case send([Message])
    case done

    /// Nothing that is left can work.
    case failed(Registration.Failure)
  }

  private let account: Account
  private var left: [Account.Mechanism]
  private var current: Account.Mechanism?
  private var scram: Scram?
  private var isServerProven = false
  private var arrived = ""

  /// "the base64-encoded response is split in 400-byte chunks" (IRCv3 SASL 3.1).
  private static let pieceBytes = 400

  /// A challenge that is longer than this is none.
  private static let challengeLimitBytes = 64 * 1024

  /// - Parameter offered: the names that the server gave; nil where it gave none.
  init(account: Account, offered: [String]?) {
    self.account = account
    left = account.mechanisms.filter { offered?.contains($0.rawValue) ?? true }
  }

  mutating func begin() -> Step { nextMechanism(reason: nil) }

  mutating func heard(_ message: Message) -> Step? {
    switch message.command {
    case "AUTHENTICATE": return challenged(message.parameters.first ?? "")
    // RPL_LOGGEDIN comes before RPL_SASLSUCCESS, and where one logs in again by itself.
    case "903", "907": return succeeded()  // 907: ERR_SASLALREADY
    case "908":
      // RPL_SASLMECHS: what there is. Another refusal follows.
      let offered = (message.parameters.dropFirst().first ?? "").split(separator: ",").map(
        String.init)
      left = left.filter { offered.contains($0.rawValue) }
      return .send([])
    case "902", "904", "905", "906":
      return nextMechanism(reason: message.parameters.last)
    default: return nil
    }
  }

  private mutating func nextMechanism(reason: String?) -> Step {
    (scram, isServerProven, arrived) = (nil, false, "")
    guard !left.isEmpty else {
      guard let reason else { return .failed(.noMechanism(account.mechanisms.map(\.rawValue))) }
      return .failed(.loginFailed(account: account.name, reason: reason))
    }
    let mechanism = left.removeFirst()
    current = mechanism
    return .send([Message("AUTHENTICATE", mechanism.rawValue)])
  }

  private mutating func challenged(_ piece: String) -> Step {
    guard arrived.utf8.count < Self.challengeLimitBytes else { return abort(.notUnderstood) }
    if piece != "+" { arrived += piece }
    // A whole piece is followed by another one, if only by an empty one.
    if piece.utf8.count == Self.pieceBytes { return .send([]) }
    defer { arrived = "" }
    guard let bytes = Base64.decode(arrived) else { return abort(.notUnderstood) }
    do throws(Scram.Fault) {
      return .send(Self.pieces(try response(to: String(decoding: bytes, as: UTF8.self))))
    } catch { return abort(error) }
  }

  private mutating func response(to challenge: String) throws(Scram.Fault) -> String {
    switch current {
    case .plain: return "\0\(account.name)\0\(account.password ?? "")"
    case .scramSHA256: return try scramResponse(to: challenge)
    // The certificate says who one is; an account that is named is asked for.
    case .external, nil: return account.name
    }
  }

  private mutating func scramResponse(to challenge: String) throws(Scram.Fault) -> String {
    guard var scram else {
      let new = Scram(name: account.name, password: account.password ?? "")
      self.scram = new
      return new.first
    }
    if challenge.hasPrefix("e=") { return "" }  // The refusal follows by number.
    guard challenge.hasPrefix("v=") else {
      defer { self.scram = scram }
      return try scram.answer(to: challenge)
    }
    try scram.check(challenge)
    isServerProven = true
    return ""
  }

  private func succeeded() -> Step {
    // A server that says yes without having shown that it knows the password may be any server.
    if current == .scramSHA256, !isServerProven { return abort(.serverUnproven) }
    return .done
  }

  private func abort(_ fault: Scram.Fault) -> Step {
    let reason =
      switch fault {
      case .notUnderstood: "the server's answers cannot be understood."
      case .rounds(let count): "the server wants \(count) rounds of hashing."
      case .serverUnproven: "the server did not show that it knows the password: it may be another."
      }
    return .failed(.loginFailed(account: account.name, reason: reason))
  }

  /// In lines: what fills the last one is followed by an empty one.
  private static func pieces(_ response: String) -> [Message] {
    var rest = Base64.encode(response.utf8)[...]
    var messages: [Message] = []
    while rest.utf8.count >= pieceBytes {
      messages.append(Message("AUTHENTICATE", String(rest.prefix(pieceBytes))))
      rest = rest.dropFirst(pieceBytes)
    }
    messages.append(Message("AUTHENTICATE", rest.isEmpty ? "+" : String(rest)))
    return messages
  }
}
