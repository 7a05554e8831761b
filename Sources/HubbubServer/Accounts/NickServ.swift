import HubbubStore
import IRCWire

/// What NickServ understands.
let nickServRequests: [String: Service.Request] = [
  "HELP": Service.Request(parameters: 0, usage: "") { session, _, voice in
    session.help(.nicknames, voice)
  },
  "REGISTER": Service.Request(parameters: 1, usage: "<password> [<email>]") {
    session, parameters, voice in session.register(password: parameters[0], voice)
  },
  "IDENTIFY": Service.Request(parameters: 1, usage: "[<account>] <password>") {
    $0.identify($1, $2)
  },
  "LOGIN": Service.Request(parameters: 1, usage: "[<account>] <password>") { $0.identify($1, $2) },
  "LOGOUT": Service.Request(parameters: 0, usage: "[<number> | others]") {
    $0.account("LOGOUT", $1, $2)
  },
  "REGAIN": Service.Request(parameters: 0, usage: "[<nickname>]") { $0.regain($1.first, $2) },
  "RECOVER": Service.Request(parameters: 0, usage: "[<nickname>]") { $0.regain($1.first, $2) },
  "GHOST": Service.Request(parameters: 1, usage: "<nickname>") { $0.ghost($1[0], $2) },
  "RELEASE": Service.Request(parameters: 1, usage: "<nickname>") { $0.ghost($1[0], $2) },
  "GROUP": Service.Request(parameters: 0, usage: "") { session, _, voice in
    session.account("NICK", ["ADD"], voice)
  },
  "UNGROUP": Service.Request(parameters: 1, usage: "<nickname>") {
    $0.account("NICK", ["DEL", $1[0]], $2)
  },
  "INFO": Service.Request(parameters: 0, usage: "[<account>]") { $0.account("INFO", $1, $2) },
  "CERT": Service.Request(
    parameters: 1, usage: "ADD [<fingerprint>] | DEL <fingerprint> | LIST"
  ) { $0.account("CERT", $1, $2) },
  "SESSIONS": Service.Request(parameters: 0, usage: "") { $0.account("SESSIONS", $1, $2) },
  "SET": Service.Request(parameters: 2, usage: "PASSWORD <new password> | <setting> on|off") {
    session, parameters, voice in
    if parameters[0].uppercased() == "PASSWORD" {
      session.account("PASSWORD", Array(parameters.dropFirst()), voice)
    } else {
      session.account("SET", parameters, voice)
    }
  },
  "DROP": Service.Request(parameters: 1, usage: "<password>") { $0.account("ERASE", $1, $2) },
]

extension Session {
  /// `IDENTIFY [<account>] <password>`
  fileprivate func identify(_ parameters: [String], _ voice: AccountVoice) {
    let name = parameters.count > 1 ? parameters[0] : nickname
    let password = parameters.count > 1 ? parameters[1] : parameters[0]
    switch judge(SaslLogin(name), password) {
    case .right(let account, let device, let isOfDevice):
      guard logIn(to: account, device, isOfDevice: isOfDevice, by: "IDENTIFY") else { return }
      tell(voice, "SUCCESS", [account.name], "You are logged in as \(account.name)")
    case .wrong:
      fail(voice, "INVALID_PASSWORD", [name], "The name or the password is wrong")
      endAfterWrongPasswords()
    case .suspended:
      fail(voice, "ACCOUNT_SUSPENDED", [name], "This account is suspended: ask an operator")
    case .tooOften(let text), .busy(let text):
      fail(voice, "TEMPORARILY_UNAVAILABLE", [name], text)
    case nil: break
    }
  }
}
