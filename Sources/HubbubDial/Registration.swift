import HubbubThreads
import IRCWire

/// What a client says of itself when it connects, and the conversation that registers it.
public struct Registration: Sendable {
  public var nickname: String
  public var userName: String
  public var realName: String
  public var password: String?

  /// Names of capabilities to ask for where the server offers them.
  public var capabilities: [String]

  /// The account to log in to on the way in; nil: none.
  public var account: Account?

  /// Whether to try `nick_`, `nick__` … while the name is taken.
  public var takesSimilarNickname: Bool

  public init(
    nickname: String, userName: String? = nil, realName: String? = nil, password: String? = nil,
    capabilities: [String] = [], takesSimilarNickname: Bool = false, account: Account? = nil
  ) {
    self.account = account
    self.nickname = nickname
    self.userName = userName ?? nickname
    self.realName = realName ?? nickname
    self.password = password
    self.capabilities = capabilities
    self.takesSimilarNickname = takesSimilarNickname
  }

  /// What a server made of a registration.
  public struct Welcome: Sendable {
    /// The nickname that the server gave.
    public var nickname: String

    /// The capabilities that it acknowledged.
    public var capabilities: Set<String> = []

    /// What the server said behind `=` of those that it offers: `draft/multiline` →
    /// `max-bytes=4096`.
    public var values: [String: String] = [:]

    /// The account that one is logged in to, by the server's word.
    public var account: String?

    /// The tokens of ISUPPORT (005): `NICKLEN` → `32`; "" for those without a value.
    public var supported: [String: String] = [:]

    /// Everything that came in between, for those who show it: MOTD, LUSERS …
    public var messages: [Message] = []
  }

  /// A registration that did not succeed.
  public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The server ended the connection with this reason.
    case ended(reason: String)

    /// The nickname is taken.
    case nicknameInUse(String)

    /// The nickname, the password or something else was refused, with the server's words.
    case refused(numeric: String, reason: String)

    /// The account is not ours, by the server's word or by what it did.
    case loginFailed(account: String, reason: String)

    /// The server has none of the ways to log in that may be used, or no accounts.
    case noMechanism([String])

    public var description: String {
      switch self {
      case .ended(let reason): "The server ended the connection: \(reason)"
      case .nicknameInUse(let nickname): "The nickname \(nickname) is in use."
      case .loginFailed(let account, let reason):
        "The login as \(account) failed: \(reason)"
      case .noMechanism(let names):
        "The server has no login by \(names.joined(separator: " or ")) (SASL)."
      case .refused(_, let reason): "The server refused: \(reason)"
      }
    }
  }

  /// Registers: CAP LS 302, PASS, NICK, USER, CAP REQ, AUTHENTICATE, CAP END, up to the end of the
  /// MOTD.
  ///
  /// Works with servers that do not know CAP.
  /// - Parameter limit: how long to wait for each line of the server's.
  /// - Throws: `Failure`, or `SystemError` where the connection failed.
  public func perform(
    on connection: LineConnection, limit: Duration = .seconds(30)
  ) throws -> Welcome {
    var conversation = Conversation(registration: self)
    do {
      try connection.send(bytes: conversation.opening())
      while !conversation.isDone {
        guard let message = try connection.receive(within: limit) else {
          throw Failure.ended(reason: conversation.lastError ?? "without a reason.")
        }
        for answer in try conversation.answers(to: message) { try connection.send(answer) }
      }
    } catch let error as SystemError {
      // A server that closes without having read all that we sent resets the connection. Its reason
      // came before that, and says more.
      guard let reason = conversation.lastError else { throw error }
      throw Failure.ended(reason: reason)
    }
    return conversation.welcome
  }
}
