import HubbubRooms
import IRCWire

// How fast a client may send.

extension Session {
  /// How fast it may send; nil for as fast as it likes.
  var allowedRates: Allowance.Rates? {
    let (changes, settings) = (member.profileChanges, hub.current.version)
    if let allowed, allowed.profile == changes, allowed.settings == settings {
      return allowed.rates
    }
    var profile = member.profile
    // Another of its person's connections may operate the server.
    if !isOperator { profile.userModes.isOperator = false }
    let rates = hub.current.classes.rates(of: client.address, profile, hub.limits)
    allowed = (rates, changes, settings)
    return rates
  }

  /// What a line counts as. All that a person types is said.
  func kind(of line: LineFramer.Line) -> Allowance.Kind {
    guard terminal == nil, registration.isComplete, case .text(let bytes) = line else {
      return .speech
    }
    return Allowance.Kind(of: bytes)
  }

  /// Counts the line that is being carried out for more than one, where lines are counted.
  ///
  /// - Parameter thousandths: of a line, in addition.
  func charge(_ thousandths: Int) {
    if allowedRates != nil { allowance.charge(thousandths) }
  }

  /// Tells the client, once, why its lines are carried out later than they come.
  func warnOfFlood(_ rate: Throttle.Rate) {
    let text =
      "You send faster than \(rate.linesPerSecond) lines a second: nothing is lost, but it takes "
      + "longer"
    if capabilities.contains(.standardReplies) {
      reply("NOTE", ["*", "RATE_LIMITED"], trailing: text)
    } else {
      reply("NOTICE", [nickname], trailing: text)
    }
    flush()
  }
}
