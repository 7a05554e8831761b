import HubbubStore
import IRCWire

// Devices, certificates and further nicknames of one's own account.

extension Session {
  /// `DEVICE ADD <device> | DEL <device> | LIST`
  func device(_ parameters: [String], _ voice: AccountVoice) {
    guard let login, let accounts = hub.accounts else { return }
    let name = parameters.dropFirst().first
    switch (parameters[0].uppercased(), name) {
    case ("LIST", _):
      for device in accounts.store.read({ $0.devices(of: login.account) }) {
        tell(
          voice, "DEVICE", [device.name, "\(device.seen)"],
          "\(device.name), seen at \(Timestamp(milliseconds: device.seen))")
      }
      tell(voice, "END_OF_DEVICES", [], "End of the list of devices")
    case ("ADD", let name?): addDevice(name, login, voice)
    case ("DEL", let name?):
      // A device may give its own way in back, and no other.
      let isItself = FoldedName(name) == FoldedName(login.device)
      guard isItself || mayChange(login, "DEVICE", voice) else { return }
      attempt(voice, [name]) { () throws(AccountError) in
        try accounts.store.removeDevice(name, from: login.account, actor: login.name)
        endSessions(of: login.account, on: name)
        tell(voice, "DEVICE_REMOVED", [name], "The device \(name) is removed")
      }
    default: refuseUsage("DEVICE", voice)
    }
  }

  private func addDevice(_ name: String, _ login: AccountLogin, _ voice: AccountVoice) {
    guard mayChange(login, "DEVICE", voice) else { return }
    guard Self.isDeviceName(name) else {
      return fail(
        voice, "BAD_DEVICE_NAME", [name], "A device has a name like phone or web-1, of 32 letters")
    }
    attempt(voice, [name]) { () throws(AccountError) in
      let code = SecretCode()
      var scram: ScramKeys?
      if hub.configuration.accounts.keepsScramKeys {
        charge(Self.hashingThousandths)
        release()
        guard let keys = hub.passwords.scramKeys(of: code.description, hub.limits) else {
          throw .late
        }
        scram = keys
      }
      try hub.accounts?.store.addDevice(
        name, to: login.account, code: code, scram: scram, actor: login.name)
      tell(
        voice, "DEVICE_PASSWORD", [name, code.description],
        "The password of \(login.name)@\(name) is \(code): it is shown this once")
    }
  }

  /// Ends the sessions that came by a device's password, but for this one.
  private func endSessions(of account: Int64, on device: String) {
    let others = hub.logins(of: account).filter { other in
      FoldedName(other.login.device) == FoldedName(device) && other.session != client.id
        && other.login.isByDevicePassword
    }
    hub.end(others.map(\.session), because: "Its device was removed from the account")
  }

  /// Whether the client came by more than a device's password; if not, it is told.
  private func mayChange(_ login: AccountLogin, _ name: String, _ voice: AccountVoice) -> Bool {
    guard login.isByDevicePassword else { return true }
    fail(
      voice, "ACCOUNT_REQUIRED", [name],
      "Log in with the account's password: a device's does not change the account")
    return false
  }

  private func refuseUsage(_ name: String, _ voice: AccountVoice) {
    let usage = AccountCommand.table[name]?.usage ?? ""
    fail(voice, "NEED_MORE_PARAMS", [name], "It is: \(name) \(usage)")
  }

  /// `CERT ADD [<fingerprint>] | DEL <fingerprint> | LIST`: certificates that lead into the account
  /// with EXTERNAL. Without a fingerprint, the one that this connection has shown.
  func certificate(_ parameters: [String], _ voice: AccountVoice) {
    guard let login, let accounts = hub.accounts else { return }
    let text = parameters.dropFirst().first
    switch parameters[0].uppercased() {
    case "LIST":
      for one in accounts.store.read({ $0.certificates(of: login.account) }) {
        tell(
          voice, "CERT", [Self.hexadecimal(one.fingerprint)],
          "SHA-256 \(Self.hexadecimal(one.fingerprint))")
      }
      tell(voice, "END_OF_CERTS", [], "End of the list of certificates")
    case "ADD", "DEL":
      guard mayChange(login, "CERT", voice) else { return }
      guard let bytes = text.map(Self.certificateBytes) ?? certificateBytes else {
        return fail(
          voice, "INVALID_FINGERPRINT", [text ?? "*"],
          "Connect with a certificate, or say its SHA-256 in 64 hexadecimal digits")
      }
      let shown = Self.hexadecimal(bytes)
      let isAdding = parameters[0].uppercased() == "ADD"
      attempt(voice, [shown]) { () throws(AccountError) in
        if isAdding {
          try accounts.store.addCertificate(
            bytes, String(shown.prefix(8)), to: login.account, actor: login.name)
        } else {
          try accounts.store.removeCertificate(bytes, from: login.account, actor: login.name)
        }
        tell(
          voice, isAdding ? "CERT_ADDED" : "CERT_REMOVED", [shown],
          "The certificate \(shown) is \(isAdding ? "added" : "removed")")
      }
    default: refuseUsage("CERT", voice)
    }
  }

  /// `NICK ADD [<nickname>] | DEL <nickname> | LIST`: further nicknames that are the account's own.
  func ownNickname(_ parameters: [String], _ voice: AccountVoice) {
    guard let login, let accounts = hub.accounts else { return }
    let name = parameters.dropFirst().first ?? nickname
    switch parameters[0].uppercased() {
    case "LIST":
      let names = [login.name] + accounts.store.read { $0.nicknames(of: login.account) }
      tell(voice, "NICKS", names, "Your nicknames: \(names.joined(separator: ", "))")
    case "ADD":
      guard mayChange(login, "NICK", voice) else { return }
      guard Names.isNickname(name, limit: hub.limits.nicknameBytes),
        !hub.configuration.reservedNicknames.contains(name), !Self.isGuestName(name)
      else { return fail(voice, "BAD_ACCOUNT_NAME", [name], "Nobody can have this nickname") }
      // Nobody takes a name from whoever uses it.
      if let holder = hub.registry.member(named: name), holder !== member {
        return fail(voice, "ACCOUNT_EXISTS", [name], "Somebody else uses this nickname")
      }
      attempt(voice, [name]) { () throws(AccountError) in
        try accounts.store.addNickname(name, to: login.account, actor: login.name)
        tell(voice, "NICK_ADDED", [name], "The nickname \(name) is yours")
      }
    case "DEL":
      guard mayChange(login, "NICK", voice) else { return }
      attempt(voice, [name]) { () throws(AccountError) in
        try accounts.store.removeNickname(name, from: login.account, actor: login.name)
        tell(voice, "NICK_REMOVED", [name], "The nickname \(name) is free")
      }
    default: refuseUsage("NICK", voice)
    }
  }
}
