/// Something that was published, as it is stored: a message or an event.
public struct StoredEntry: Sendable, Equatable {
  /// What it was. The numbers are stored: they are only ever added to.
  public enum Kind: Int64, Sendable, CaseIterable {
    case message = 0
    case notice, action
    case join = 16
    case part, quit, nickname, kick, mode, topic, tagMessage, redaction, rename

    /// Whether somebody said it: it is searched, and lives as long as the room keeps what is said.
    public var isSpeech: Bool { rawValue < 16 }
  }

  public var key: MessageKey

  /// Milliseconds since 1970. Never less than that of the entry before it in its stream.
  public var time: Int64
  public var kind: Kind

  /// Who it came from, as it was shown then: `nickname!user@host`.
  public var source: String

  /// The author's account.
  public var account: Int64?

  /// What was said; of an event whatever its line has behind the target. UTF-8.
  public var text: [UInt8]

  /// Client-only tags, as on the wire. UTF-8; empty: none.
  public var tags: [UInt8]

  /// Which lines of a multiline message go on; nil for one line. The caller's form.
  public var form: [UInt8]?

  public init(
    key: MessageKey, time: Int64, kind: Kind = .message, source: String, account: Int64? = nil,
    text: [UInt8], tags: [UInt8] = [], form: [UInt8]? = nil
  ) {
    self.key = key
    self.time = time
    self.kind = kind
    self.source = source
    self.account = account
    self.text = text
    self.tags = tags
    self.form = form
  }

  /// About what it takes of memory.
  public var memoryBytes: Int {
    160 + source.utf8.count + text.count + tags.count + (form?.count ?? 0)
  }
}
