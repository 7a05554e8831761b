import HubbubRooms
import HubbubStore
import IRCWire

/// Showing whose account one has: AUTHENTICATE (IRCv3 sasl-3.2).
let saslCommands: [String: Command] = [
  "AUTHENTICATE": Command(.anyTime, parameters: 1, usage: "<mechanism> | <response> | *") {
    $0.authenticate($1.parameters[0])
  }
]

extension Session {
  /// Those that this connection can use.
  var saslMechanisms: [SaslMechanism] {
    client.connection.isSecure ? SaslMechanism.allCases : [.plain, .scramSHA256]
  }

  /// `AUTHENTICATE <mechanism>`, then `AUTHENTICATE <response>` in pieces of 400 bytes, or
  /// `AUTHENTICATE *` to give up.
  ///
  /// Also of somebody who is logged in already, and after the registration: "Servers SHOULD allow a
  /// client, authenticated or otherwise, to reauthenticate by sending a new AUTHENTICATE message at
  /// any time" (IRCv3 sasl-3.2).
  fileprivate func authenticate(_ word: String) {
    guard hub.accounts != nil else {
      return reply(.unknownCommand, ["AUTHENTICATE"], trailing: "Unknown command")
    }
    guard var exchange = sasl else { return beginSasl(word) }
    let outcome = exchange.pieces.add(word)
    sasl = exchange
    switch outcome {
    case .incomplete: break
    case .aborted: abortSasl()
    case .tooLong:
      sasl = nil
      reply(.saslTooLong, trailing: "SASL message too long")
    case .malformed: failSasl()
    case .message(let bytes): answer(exchange, bytes)
    }
  }

  private func beginSasl(_ word: String) {
    if word == "*" {
      return reply(.saslAborted, trailing: "SASL authentication aborted")
    }
    guard let mechanism = SaslMechanism(rawValue: word.uppercased()),
      saslMechanisms.contains(mechanism)
    else {
      let names = saslMechanisms.map(\.rawValue).joined(separator: ",")
      reply(.saslMechanisms, [names], trailing: "are available SASL mechanisms")
      return failSasl()
    }
    sasl = SaslExchange(mechanism: mechanism)
    tellSasl("+")
  }

  /// `AUTHENTICATE <challenge>` has nobody before it but the server.
  private func tellSasl(_ piece: String) { reply("AUTHENTICATE", [piece]) }

  /// 906, if an exchange is under way.
  func abortSasl() {
    guard sasl != nil else { return }
    sasl = nil
    reply(.saslAborted, trailing: "SASL authentication aborted")
  }

  /// 904
  private func failSasl(_ text: String = "SASL authentication failed") {
    sasl = nil
    reply(.saslFailed, trailing: text)
  }

  private func answer(_ exchange: SaslExchange, _ message: [UInt8]) {
    switch exchange.mechanism {
    case .plain:
      guard let credentials = PlainCredentials(message) else { return failSasl() }
      finishSasl(judge(credentials.login, credentials.password), "PLAIN")
    case .external:
      guard let identity = ExternalIdentity(message) else { return failSasl() }
      finishSasl(judge(identity), "EXTERNAL")
    case .scramSHA256: answer(exchange.scram, message)
    }
  }

  /// - Parameter verdict: nil where the connection has ended meanwhile.
  private func finishSasl(_ verdict: LoginVerdict?, _ way: String) {
    switch verdict {
    case .right(let account, let device, let isOfDevice):
      sasl = nil
      guard logIn(to: account, device, isOfDevice: isOfDevice, by: way) else {
        return failSasl()
      }
      reply(.saslSuccess, trailing: "SASL authentication successful")
    case .suspended:
      sasl = nil
      reply(.nicknameLocked, trailing: "This account is suspended: ask an operator of the server")
    case .tooOften(let text), .busy(let text): failSasl(text)
    case .wrong:
      failSasl()
      endAfterWrongPasswords()
    case nil: sasl = nil
    }
  }

  /// Ends the connection where it has tried too many.
  func endAfterWrongPasswords() {
    if passwordTries.wrong >= hub.limits.wrongPasswords { refuse("Too many wrong passwords") }
  }

  // MARK: SCRAM

  private func answer(_ stage: SaslExchange.Scram, _ message: [UInt8]) {
    switch stage {
    case .first: challenge(message)
    case .challenged(let server, let name): check(message, server, name)
    case .proven(let name):
      guard message.isEmpty, let account = name.account.flatMap({ hub.accounts?.account($0) }),
        keys(of: account, name.login.device).isDevice == name.isOfDevice,
        keys(of: account, name.login.device).known == name.keys
      else { return failSasl() }
      finishSasl(
        verdict(on: account, name.login.device, isOfDevice: name.isOfDevice), "SCRAM-SHA-256")
    }
  }

  /// Answers the client's first message. For an account that does not exist, or has no keys, with
  /// a salt that is always the same: nobody finds out which names there are.
  private func challenge(_ message: [UInt8]) {
    guard let accounts = hub.accounts, let first = try? ScramServer.read(message) else {
      return failSasl()
    }
    let account = accounts.account(named: first.login.account)
    let (known, isDevice) = keys(of: account, first.login.device)
    let folded = FoldedName(first.login.account).text
    let server = ScramServer(
      first, known ?? .fake(for: folded, secret: accounts.store.read { $0.secret }))
    let name = SaslExchange.Name(
      login: first.login, account: known == nil ? nil : account?.id, keys: known,
      isOfDevice: isDevice)
    sasl?.scram = .challenged(server, name)
    for piece in SaslChunks.split(server.challenge) { tellSasl(piece) }
  }

  /// What an account's login is proven by: a device's own keys, where it has some.
  private func keys(
    of account: Account?, _ device: String
  ) -> (known: ScramKeys?, isDevice: Bool) {
    guard let account else { return (nil, false) }
    let own = hub.accounts?.store.read { $0.device(account.id, device)?.scram }
    return (own ?? account.scram, own != nil)
  }

  private func check(
    _ message: [UInt8], _ server: ScramServer, _ name: SaslExchange.Name
  ) {
    if !name.isOfDevice, let text = refusalOfTry(for: name.login.account) {
      return failSasl(text)
    }
    var proof: [UInt8]?
    let verdict = judge {
      proof = try? server.finish(message)
      return proof != nil && name.account != nil
    }
    guard verdict == .right, let proof else {
      guard verdict != nil else { return }
      if verdict == .busy { return failSasl(Self.busyText) }
      hub.accounts?.countWrong(name.login.account, hub.configuration.accounts)
      failSasl()
      return endAfterWrongPasswords()
    }
    sasl?.scram = .proven(name)
    for piece in SaslChunks.split(proof) { tellSasl(piece) }
  }
}
