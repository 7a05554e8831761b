/// How fast one client may send, by what it sends: what a person says does not wait behind what its
/// program asks. A value of the client's own thread.
///
/// All lines stay in their order. Each kind of line has a bucket of its own, so that the many
/// questions which a program asks when it comes back into its rooms leave the one for speech as
/// full as it was.
struct Allowance {
  /// What a line is to the server.
  enum Kind: Sendable {
    /// Others hear of it, or it changes something.
    case speech

    /// It is answered, and changes nothing for others but that somebody has come.
    case question
  }

  /// How fast each kind of line may come.
  struct Rates: Sendable, Equatable {
    var speech: Throttle.Rate
    var questions: Throttle.Rate
  }

  private var speech: Throttle
  private var questions: Throttle

  /// The kind of the line that is being carried out.
  private var kind = Kind.speech

  /// Whether the client was told that it is too fast.
  var wasNoticed = false

  init(now: Int64) {
    speech = Throttle(now: now)
    questions = Throttle(now: now)
  }

  /// Counts a line, which has come.
  ///
  /// - Parameter now: milliseconds of a clock that only goes forward.
  /// - Returns: how long to wait before the line is carried out; zero in most cases.
  mutating func take(_ kind: Kind, _ rates: Rates, now: Int64) -> Duration {
    self.kind = kind
    switch kind {
    case .speech: return speech.take(rates.speech, now: now)
    case .question: return questions.take(rates.questions, now: now)
    }
  }

  /// Counts the line that is being carried out for more than one.
  ///
  /// - Parameter thousandths: of a line, in addition.
  mutating func charge(_ thousandths: Int) {
    switch kind {
    case .speech: speech.charge(thousandths)
    case .question: questions.charge(thousandths)
    }
  }
}
