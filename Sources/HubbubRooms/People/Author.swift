/// Somebody who does something in a room, and how it wants to hear of it itself.
public struct Author: Sendable {
  public let member: Member

  /// `nickname!user@host`
  public private(set) var source: String

  /// Whether it reads what it does in a place that is held for it, and not from the log: then the
  /// server can write there what is for the author alone (`label`).
  public var isLabelling: Bool

  /// Whether it gets back what it says: `echo-message`.
  public let wantsEcho: Bool

  /// The account it is logged in to, for `account-tag`.
  public let account: String?

  /// Whether it is a program: its messages carry the tag `bot`.
  public let isBot: Bool

  public init(_ member: Member, source: String, isLabelling: Bool = false) {
    self.member = member
    self.source = source
    self.isLabelling = isLabelling
    let profile = member.profile
    wantsEcho = profile.capabilities.contains(.echoMessage)
    account = profile.account
    isBot = profile.isBot
  }

  /// The same with another `nickname!user@host`: as a room knows it.
  public func known(as source: String) -> Author {
    var author = self
    author.source = source
    return author
  }

  /// Whether its own copy of an event is not in the log that it reads.
  func wantsReceipt(of event: Event, isMember: Bool) -> Bool {
    switch event.echo {
    case .always: isLabelling
    case .onRequest: wantsEcho && (isLabelling || !isMember)
    case .never: false
    }
  }
}
