/// What a client has said of itself before it is let in.
struct RegistrationProgress {
  var password: String?

  /// The server's password, as the settings have it, that was judged right: who needs another
  /// nickname after that need not wait again.
  var acceptedPassword: String?
  var hasNickname = false
  var hasUser = false

  /// Between CAP LS or REQ and CAP END.
  var isNegotiating = false

  var isComplete = false

  /// Whether nothing is missing any more.
  var isReady: Bool { hasNickname && hasUser && !isNegotiating && !isComplete }
}
