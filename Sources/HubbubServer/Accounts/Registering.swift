import HubbubRooms
import HubbubStore
import IRCWire

// Making an account: REGISTER and VERIFY (IRCv3 draft/account-registration).

extension Session {
  /// Whether REGISTER may come before the registration of the connection. "Servers should ensure
  /// that if they allow REGISTER before connection registration, this functionality cannot be used
  /// to bypass any authentication restrictions".
  var mayRegisterBeforeConnect: Bool {
    hub.configuration.password == nil && hub.configuration.accounts.allowsBeforeConnect
      && hub.configuration.accounts.isOpen
  }

  /// `REGISTER <account> {<email> | *} <password>`
  ///
  /// No e-mail is asked for, and one that comes is not kept.
  func register(_ parameters: [String]) {
    let asked = parameters[0]
    let name = asked == "*" ? nickname : asked
    let voice = AccountVoice.command("REGISTER")
    guard registration.isComplete || mayRegisterBeforeConnect else {
      return fail(
        voice, "COMPLETE_CONNECTION_REQUIRED", [asked], "Finish connecting before you register")
    }
    guard registration.hasNickname else {
      return fail(voice, "NEED_NICK", ["*"], "Choose a nickname first: it is the account's name")
    }
    guard FoldedName(name) == FoldedName(nickname) else {
      return fail(
        voice, "ACCOUNT_NAME_MUST_BE_NICK", [asked],
        "An account has the name of the nickname that you use")
    }
    register(password: parameters[2], voice)
  }

  /// Makes an account of the client's nickname, and logs it in.
  func register(password: String, _ voice: AccountVoice) {
    let name = nickname
    guard let accounts = hub.accounts else { return }
    if let refusal = refusalToRegister(name, password) {
      return fail(voice, refusal.code, [name], refusal.text)
    }
    let settings = hub.configuration.accounts
    let address =
      hub.current.classes.clientsPerAddress(client.address, hub.limits) == nil
      ? nil : client.address
    guard let time = accounts.takeQuota(from: address, settings) else {
      return fail(
        voice, "TEMPORARILY_UNAVAILABLE", [name],
        "Too many accounts were registered lately: try again later")
    }
    do throws(AccountError) {
      guard let stored = hash(password) else { throw .late }
      let (account, code) = try accounts.store.register(name, stored, actor: source)
      hub.logger.notice("account registered", metadata: ["account": "\(name)", "by": "\(source)"])
      finishRegistration(account, code, voice)
    } catch {
      accounts.giveBackQuota(address, at: time)
      fail(voice, error.answer.code, [name], error.answer.text)
    }
  }

  private func finishRegistration(
    _ account: Account, _ code: SecretCode, _ voice: AccountVoice
  ) {
    let text = "The account \(account.name) is yours"
    if case .command(let command) = voice {
      reply(command, ["SUCCESS", account.name], trailing: text)
    } else {
      tell(voice, "SUCCESS", [account.name], text)
    }
    // "Afterward, the client is assumed to be authenticated to the <account> as if it used SASL."
    let guest = hub.subject(of: member)
    _ = logIn(to: account, by: "REGISTER")
    hub.metadata.move(from: guest, to: .account(account.id), hub.accounts?.store)
    tell(voice, "RECOVERY_CODE", [code.description], Self.adviceOnRecovery(account.name, code))
  }

  static func adviceOnRecovery(_ account: String, _ code: SecretCode) -> String {
    "Your recovery code is \(code). Write it down: it is shown this once, and if you forget the "
      + "password, ACCOUNT RECOVER \(account) <code> <new password> sets another"
  }

  /// Hashes a new password, at its turn; nil where there is none for it now.
  func hash(_ password: String) -> StoredPassword? {
    charge(Self.hashingThousandths)
    release()
    return hub.passwords.hash(
      password, withScramKeys: hub.configuration.accounts.keepsScramKeys, hub.limits,
      isClosed: hasEnded)
  }

  private func refusalToRegister(_ name: String, _ password: String) -> (
    code: String, text: String
  )? {
    if login != nil { return ("ALREADY_AUTHENTICATED", "You are logged in to an account already") }
    guard hub.configuration.accounts.isOpen else {
      return ("TEMPORARILY_UNAVAILABLE", "Ask an operator of the server for an account")
    }
    guard !Self.isGuestName(name) else {
      return ("BAD_ACCOUNT_NAME", "\(name) is a name for guests: choose another")
    }
    if let ban = hub.bans.ban(matching: member.profile, at: .now) {
      return ("TEMPORARILY_UNAVAILABLE", "You are banned from this server: \(ban.reason)")
    }
    if let fault = passwordFault(password, name) { return fault }
    if hub.accounts?.store.read({ $0.account(named: name) }) != nil {
      return AccountError.exists.answer
    }
    // Nobody takes a name from whoever uses it.
    if let holder = hub.registry.member(named: name), holder !== member {
      return ("ACCOUNT_EXISTS", "Somebody else uses this nickname")
    }
    return nil
  }

  /// What is wrong with a new password; nil where nothing is.
  func passwordFault(_ password: String, _ name: String) -> (code: String, text: String)? {
    let bytes = password.utf8.count
    let (least, most) = (
      hub.configuration.accounts.leastPasswordBytes, AccountSettings.maxPasswordBytes
    )
    if bytes > most {
      return ("UNACCEPTABLE_PASSWORD", "A password has at most \(most) bytes")
    }
    if bytes < least { return ("WEAK_PASSWORD", "A password has at least \(least) bytes") }
    if FoldedName(password) == FoldedName(name) {
      return ("WEAK_PASSWORD", "The name is no password")
    }
    return nil
  }

  /// `VERIFY <account> <code>`: no registration waits for one.
  func verify(_ parameters: [String]) {
    let voice = AccountVoice.command("VERIFY")
    if login != nil {
      return fail(
        voice, "ALREADY_AUTHENTICATED", [parameters[0]], "You are logged in to an account already")
    }
    guard registration.isComplete || mayRegisterBeforeConnect else {
      return fail(
        voice, "COMPLETE_CONNECTION_REQUIRED", [parameters[0]], "Finish connecting first")
    }
    fail(voice, "INVALID_CODE", [parameters[0]], "No registration waits for a code here")
  }

  // MARK: Guests

  /// The names of those whose nickname its owner has taken back.
  static let guestPrefix = "Guest-"

  /// One that is free, mostly.
  static var guestName: String { "\(guestPrefix)\(UInt32.random(in: 10_000...99_999))" }

  static func isGuestName(_ name: String) -> Bool {
    FoldedName(name).text.hasPrefix(FoldedName(guestPrefix).text)
  }
}
