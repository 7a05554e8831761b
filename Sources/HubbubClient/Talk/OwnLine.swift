import IRCWire

/// Something that a person said and of which nobody knows yet that it was heard.
struct OwnLine: Equatable {
  var target: String
  var text: String
  var kind: Entry.Kind
  var time: Timestamp

  /// What was sent with it, and comes back with all that the server says of it (labeled-response).
  var label: String?

  /// Without a password.
  var shownText: String { SecretRule.shown(text, to: target) }

  var isAction: Bool { kind == .action }

  /// Whether an echo, or a refusal, of something said to `target` may be about this.
  func isTo(_ target: String) -> Bool { FoldedName(self.target) == FoldedName(target) }
}
