import HubbubDial
import HubbubSockets
import HubbubThreads

/// How a connection ended, in words for people.
enum LinkEnd: Equatable {
  /// It was up, or almost; another attempt makes sense.
  case ended(String)

  /// It ended before we were let in; another attempt makes sense if it worked before.
  case turnedAway(String)

  /// What was to be written could not be.
  case unwritable(String)

  /// Nobody answered.
  case unreachable(String)

  /// The server does not want us.
  case refused(String)

  /// The server could not show that it is the right one; nothing was said to it.
  case untrusted(String)

  init(_ error: any Error, endpoint: String) {
    switch error {
    case let failure as Registration.Failure:
      switch failure {
      case .ended(let reason):
        self = .turnedAway("The server ended the connection: \(FormattedText.plain(reason))")
      case .nicknameInUse(let nickname): self = .refused("The name \(nickname) is taken.")
      case .loginFailed, .noMechanism: self = .refused(FormattedText.plain("\(failure)"))
      case .refused(let numeric, let reason):
        self = .refused("The server did not let you in: \(Self.why(numeric, reason))")
      }
    case let error as TLSError where error.isDistrust:
      self = .untrusted(SafeText.clean("\(error)"))
    case let error as SystemError where error.call == "recv":
      self = .ended("The connection was lost (\(error.reason)).")
    case let error as SystemError where error.call == "write":
      self = .unwritable("The output cannot be written: \(error.reason).")
    default:
      self = .unreachable(SafeText.clean("\(error)"))
    }
  }

  var reason: String {
    switch self {
    case .ended(let reason), .turnedAway(let reason), .unwritable(let reason),
      .unreachable(let reason), .refused(let reason), .untrusted(let reason):
      reason
    }
  }

  /// Whether somebody else answered than should, so that a person should know of it.
  var isDistrust: Bool {
    if case .untrusted = self { true } else { false }
  }

  /// The code to end with; nil to try again: once it worked, only a refusal is the end.
  func code(wasUp: Bool) -> ChatExit? {
    switch self {
    case .refused: .refused
    case .turnedAway: wasUp ? nil : .refused
    case .unwritable: .unusable
    case .unreachable: wasUp ? nil : .unreachable
    case .ended: wasUp ? nil : .lost
    // Somebody else may have answered for a while, as in the network of a hotel.
    case .untrusted: wasUp ? nil : .untrusted
    }
  }

  private static func why(_ numeric: String, _ reason: String) -> String {
    switch numeric {
    case "432": "it does not take this name; try another with --nick."
    case "464": "it wants a password, or another one (HUBBUB_PASSWORD)."
    default: FormattedText.plain(reason)
    }
  }
}
