import IRCWire

/// The server's side of one SCRAM-SHA-256 exchange (RFC 5802, RFC 7677), without I/O. A value of
/// its session's.
///
///     client                                server
///     n,,n=user,r=C               ──▶       first: who is it?
///                                 ◀──       answer: r=CS,s=salt,i=rounds
///     c=biws,r=CS,p=proof         ──▶       final: is it so?
///                                 ◀──       v=signature
///     +                           ──▶       it is logged in
public struct ScramServer: Sendable {
  /// What a client said first.
  public struct First: Sendable, Equatable {
    public let login: SaslLogin
    fileprivate let header: [UInt8]
    fileprivate let bare: String
    fileprivate let nonce: String
  }

  /// Why an exchange ends, as `server-error-value` names it.
  public enum Failure: String, Error, Sendable {
    case invalidEncoding = "invalid-encoding"
    case extensionsNotSupported = "extensions-not-supported"
    case invalidProof = "invalid-proof"
    case channelBindingsDontMatch = "channel-bindings-dont-match"
    case channelBindingNotSupported = "channel-binding-not-supported"
    case invalidUsernameEncoding = "invalid-username-encoding"
    case otherError = "other-error"

    /// `e=…`, which may be sent instead of a server's last message.
    public var message: [UInt8] { Array("e=\(rawValue)".utf8) }
  }

  private let first: First
  private let keys: ScramKeys
  private let nonce: String

  /// A nonce is not cut: more of it is refused.
  private static let maxNonce = 512

  // MARK: The first message

  /// Reads a client's first message.
  public static func read(_ message: [UInt8]) throws(Failure) -> First {
    guard let text = String(validating: message, as: UTF8.self), !message.contains(0)
    else { throw .invalidEncoding }
    let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .invalidEncoding }
    switch parts[0] {
    // "n": the client doesn't support channel binding. "y": it thinks that the server does not.
    case "n", "y": break
    default: throw parts[0].hasPrefix("p=") ? .channelBindingNotSupported : .invalidEncoding
    }
    let identity = try identity(parts[1])
    let fields = parts[2].split(separator: ",", omittingEmptySubsequences: false)
    // "m" is reserved for mandatory extensions: its presence must cause authentication failure.
    if fields.first?.hasPrefix("m=") == true { throw .extensionsNotSupported }
    guard fields.count >= 2, fields[0].hasPrefix("n="), fields[1].hasPrefix("r=")
    else { throw .invalidEncoding }
    let name = try decoded(fields[0].dropFirst(2))
    let nonce = fields[1].dropFirst(2)
    guard isNonce(nonce) else { throw .invalidEncoding }
    let login = SaslLogin(name)
    guard
      identity.isEmpty || identity.utf8.elementsEqual(name.utf8)
        || identity.utf8.elementsEqual(login.account.utf8)
    else { throw .otherError }
    return First(
      login: login, header: Array("\(parts[0]),\(parts[1]),".utf8), bare: String(parts[2]),
      nonce: String(nonce))
  }

  /// The authorization identity: empty, or `a=…`.
  private static func identity(_ text: Substring) throws(Failure) -> String {
    if text.isEmpty { return "" }
    guard text.hasPrefix("a=") else { throw .invalidEncoding }
    return try decoded(text.dropFirst(2))
  }

  /// "The characters ',' or '=' in usernames are sent as '=2C' and '=3D' respectively. If the
  /// server receives a username that contains '=' not followed by either '2C' or '3D', then the
  /// server MUST fail the authentication."
  private static func decoded(_ text: Substring) throws(Failure) -> String {
    var result = ""
    var rest = text
    while let character = rest.first {
      if character != "=" {
        result.append(character)
        rest.removeFirst()
        continue
      }
      if rest.hasPrefix("=2C") {
        result.append(",")
      } else if rest.hasPrefix("=3D") {
        result.append("=")
      } else {
        throw .invalidUsernameEncoding
      }
      rest.removeFirst(3)
    }
    guard !result.isEmpty else { throw .invalidUsernameEncoding }
    return result
  }

  /// `printable = %x21-2B / %x2D-7E`
  private static func isNonce(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.count <= maxNonce
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2C }
  }

  // MARK: The rest

  /// - Parameters:
  ///   - keys: the account's, or those of `ScramKeys.fake`.
  ///   - nonce: the server's part; nil for a random one.
  public init(_ first: First, _ keys: ScramKeys, nonce: String? = nil) {
    self.first = first
    self.keys = keys
    self.nonce = first.nonce + (nonce ?? Base64.encode(Digest.random(18)))
  }

  /// The server's first message.
  public var challenge: [UInt8] { Array(challengeText.utf8) }

  private var challengeText: String {
    "r=\(nonce),s=\(Base64.encode(keys.salt)),i=\(keys.iterations)"
  }

  /// Judges the client's final message.
  ///
  /// - Returns: the server's final one, if the client knows the password.
  public func finish(_ message: [UInt8]) throws(Failure) -> [UInt8] {
    guard let text = String(validating: message, as: UTF8.self), !message.contains(0)
    else { throw .invalidEncoding }
    let fields = text.split(separator: ",", omittingEmptySubsequences: false)
    guard fields.count >= 3, fields[0].hasPrefix("c="), fields[1].hasPrefix("r="),
      let last = fields.last, last.hasPrefix("p="),
      let binding = Base64.decode(fields[0].dropFirst(2).utf8),
      let proof = Base64.decode(last.dropFirst(2).utf8), proof.count == 32
    else { throw .invalidEncoding }
    guard binding == first.header else { throw .channelBindingsDontMatch }
    guard fields[1].dropFirst(2).utf8.elementsEqual(nonce.utf8) else { throw .otherError }
    // AuthMessage := client-first-message-bare + "," + server-first-message + "," +
    // client-final-message-without-proof
    let withoutProof = fields.dropLast().joined(separator: ",")
    let authMessage = Array("\(first.bare),\(challengeText),\(withoutProof)".utf8)
    let signature = Digest.hmac(keys.storedKey, authMessage)
    let clientKey = zip(proof, signature).map { $0 ^ $1 }
    guard Digest.areEqual(Digest.sha256(clientKey), keys.storedKey) else { throw .invalidProof }
    return Array("v=\(Base64.encode(Digest.hmac(keys.serverKey, authMessage)))".utf8)
  }
}
