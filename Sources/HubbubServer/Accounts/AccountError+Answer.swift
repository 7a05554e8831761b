import HubbubStore

extension AccountError {
  /// The code of a `FAIL`, and words for people.
  var answer: (code: String, text: String) {
    switch self {
    case .exists: ("ACCOUNT_EXISTS", "There is an account of this name, or there was one")
    case .nicknameTaken: ("ACCOUNT_EXISTS", "This nickname belongs to another account")
    case .noSuchAccount: ("NO_SUCH_ACCOUNT", "There is no such account")
    case .noSuchRoom: ("NO_SUCH_ROOM", "This room is not registered")
    case .noSuchEntry: ("NO_SUCH_ENTRY", "There is no such entry")
    case .suspended: ("ACCOUNT_SUSPENDED", "This account is suspended")
    case .wrongCode: ("INVALID_CODE", "The code is wrong, or too old")
    case .limit(let count): ("LIMIT_REACHED", "There may be \(count), and there are as many")
    case .notAllowed: ("NOT_ALLOWED", "That is the founder's, or whoever it is offered to")
    case .notStored:
      ("TEMPORARILY_UNAVAILABLE", "It cannot be written to the disk, and does not hold: try later")
    case .disagreed:
      (
        "TEMPORARILY_UNAVAILABLE",
        "The servers cannot agree at the moment: look later whether it was done"
      )
    case .late:
      ("TEMPORARILY_UNAVAILABLE", "The disk takes too long: look later whether it was done")
    }
  }
}
