import HubbubSockets
import HubbubWeb
import IRCWire
import Logging

// Who may look at the dashboard.

extension WebVisit {
  /// Judges who somebody says to be, which may wait for the turn of its address.
  ///
  /// - Returns: whether it sees secret rooms too.
  /// - Throws: what to tell it.
  func judge(_ greeting: LiveGreeting) throws(HTTPRefusal) -> Bool {
    switch greeting {
    case .token(let text):
      let token = AccessToken.find(
        text, from: origin.address, in: connection.hub.configuration.tokens)
      guard let token, token.scopes.contains(.read) else {
        throw HTTPRefusal(.unauthorized, "This token is not known here, or not for the dashboard.")
      }
      audit(["token": "\(token.name)"])
      return false
    case .oper(let name, let password):
      try judge(name, password)
      audit(["account": "\(name)"])
      return true
    }
  }

  /// As OPER does: a wrong name and a wrong host take as long as a wrong password.
  private func judge(_ name: String, _ password: String) throws(HTTPRefusal) {
    let hub = connection.hub
    let wrong = HTTPRefusal(.unauthorized, "The name or the password is wrong.")
    let accounts = hub.configuration.operators
    guard !accounts.isEmpty else {
      throw HTTPRefusal(.unauthorized, "This server has no operators; its settings can name some.")
    }
    let account = accounts.first { $0.name == name }
    let address = IPAddress.asHost(origin.address)
    let subject = MaskSubject(
      nickname: "*", users: ["web"], hosts: [hub.shownHost(of: address)],
      address: IPAddress(address))
    let judged = account ?? accounts[0]
    var tries = PasswordTries()
    var subscriber: AddressRange?
    if hub.current.classes.takesTurns(from: address) {
      subscriber = PasswordTurns.subscriber(address)
      try awaitTurn(of: subscriber)
    }
    let verdict = hub.passwords.judge(
      password, judged.passwordHash, among: accounts.map(\.passwordHash),
      isKnown: account?.isOpen(to: subject) ?? false, &tries, of: subscriber, hub.limits,
      isClosed: { false })
    switch verdict {
    case .right where hub.configuration.operators.contains(judged): return
    case .right, .wrong:
      hub.logger.warning(
        "operator",
        metadata: [
          "command": "dashboard", "account": "\(name.cut(toBytes: 64))", "from": "\(address)",
          "result": "wrong", "inAll": "\(hub.passwords.wrongCount)",
        ])
      throw wrong
    case .busy: throw HTTPRefusal(.serviceUnavailable, "The server is busy; try again later.")
    }
  }

  private func awaitTurn(of subscriber: AddressRange?) throws(HTTPRefusal) {
    guard let subscriber else { return }
    let hub = connection.hub
    let deadline = ContinuousClock.now + .seconds(30)
    while !hub.passwords.takeTurn(of: subscriber, hub.limits) {
      guard ContinuousClock.now < deadline, !hub.isStopping.load(ordering: .relaxed) else {
        throw HTTPRefusal(
          .serviceUnavailable, "Others gave wrong passwords from your address; try again later.")
      }
    }
  }

  private func audit(_ details: Logger.Metadata) {
    var metadata = details
    metadata["command"] = "dashboard"
    metadata["from"] = "\(origin.address)"
    connection.hub.logger.notice("operator", metadata: metadata)
  }
}
