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

  public let member: Member

  /// As it is known now. The session's own thread, or the one that applies what it does.
  public init(_ session: MemberSession, isLabelling: Bool = false) {
    member = session.member
    let profile = member.profile
    self.session = session
    self.isLabelling = isLabelling
    account = profile.account
    isBot = profile.isBot
  }

  /// The place that is held for the author's own copy of an event, whose stamp is drawn next; nil
  /// where it reads it in the log, or not at all: the one decision about it. With a place, the
  /// log's entry is for the others.
  ///
  /// - Parameter readsLog: whether it reads the log that the event stands in.
  func placeForCopy(of echo: Echo, readsLog: Bool) -> HeldPlace? {
    if session.isElsewhere { return nil }
    let isWanted =
      switch echo {
      case .always: true
      case .onRequest: session.capabilities.contains(.echoMessage)
      case .never: false
      }
    return isWanted && (isLabelling || !readsLog) ? HeldPlace(of: session) : nil
  }
}
