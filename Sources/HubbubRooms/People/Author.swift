import HubbubLog

/// Somebody who does something, and how it wants to hear of it itself.
public struct Author: Sendable {
  /// The connection from which it acts: what it does is its own in this session's reading only.
  public let session: MemberSession

  /// Whether it reads what it does in a place that is held for it, and not from the log: then the
  /// server can write there what is for the author alone (`label`).
  public var isLabelling: Bool

  /// The account it is logged in to, for `account-tag`.
  public let account: String?

  /// Whether it is a program: its messages carry the tag `bot`.
  public let isBot: Bool

  public var member: Member { session.member }

  /// As it is known now. The session's own thread.
  public init(_ session: MemberSession, isLabelling: Bool = false) {
    let profile = session.member.profile
    self.session = session
    self.isLabelling = isLabelling
    account = profile.account
    isBot = profile.isBot
  }

  /// Whether the author reads its own copy of an event in a place that is held for it, and not in
  /// the log: the one decision about it. The log's entry is then for the others.
  ///
  /// - Parameter readsLog: whether it reads the log that the event stands in.
  func holdsCopy(of echo: Echo, readsLog: Bool) -> Bool {
    let isWanted =
      switch echo {
      case .always: true
      case .onRequest: session.capabilities.contains(.echoMessage)
      case .never: false
      }
    return isWanted && (isLabelling || !readsLog)
  }
}
