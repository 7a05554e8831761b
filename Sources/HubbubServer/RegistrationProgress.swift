/// What a client has said of itself before it is let in.
struct RegistrationProgress {
  var password: String?
  var hasNickname = false
  var hasUser = false

  /// Between CAP LS or REQ and CAP END.
  var isNegotiating = false

  var isComplete = false

  /// Whether nothing is missing any more.
  var isReady: Bool { hasNickname && hasUser && !isNegotiating && !isComplete }
}
