import IRCWire

extension Registration {
  /// The client's side of a registration as a plain value: what to say to what was heard.
  struct Conversation {
    let registration: Registration
    private(set) var welcome: Welcome
    private(set) var isDone = false
    private(set) var lastError: String?
    private var offered: Set<String> = []
    private var login: Login?
    private var isLoggedIn = false

    init(registration: Registration) {
      self.registration = registration
      welcome = Welcome(nickname: registration.nickname)
    }

    /// What to send before anything was heard.
    func opening() -> [UInt8] {
      var lines = Message("CAP", "LS", "302").encoded()
      if let password = registration.password { lines += Message("PASS", password).encoded() }
      lines += Message("NICK", registration.nickname).encoded()
      lines += Message("USER", registration.userName, "0", "*", registration.realName).encoded()
      return lines
    }

    mutating func answers(to message: Message) throws(Failure) -> [Message] {
      if message.command == "900" { welcome.account = message.parameters.dropFirst(2).first }
      if let step = login?.heard(message) { return try loggingIn(step) }
      switch message.command {
      case "PING": return [Message("PONG", message.parameters)]
      case "CAP": return try capability(message.parameters)
      case "433", "436", "437": return try nicknameTaken()
      case "432", "462", "464", "465", "468":
        throw .refused(numeric: message.command, reason: message.parameters.last ?? "")
      case "001":
        // Let in without the login that was wanted: by a server that knows no capabilities.
        if let account = registration.account, !isLoggedIn {
          throw .noMechanism(account.mechanisms.map(\.rawValue))
        }
        welcome.nickname = message.parameters.first ?? welcome.nickname
      case "005": support(message.parameters.dropFirst().dropLast())
      case "376", "422": isDone = true
      case "ERROR": lastError = message.parameters.last
      default: break
      }
      welcome.messages.append(message)
      return []
    }

    private mutating func loggingIn(_ step: Login.Step) throws(Failure) -> [Message] {
      switch step {
      case .send(let messages): return messages
      case .failed(let failure): throw failure
      case .done:
        login = nil
        isLoggedIn = true
        return [Message("CAP", "END")]
      }
    }

    private mutating func capability(_ parameters: [String]) throws(Failure) -> [Message] {
      guard parameters.count >= 3, let list = parameters.last else { return [] }
      let tokens = list.split(separator: " ")
      let names = tokens.map { String($0.prefix { $0 != "=" }) }
      switch parameters[1] {
      case "LS":
        offered.formUnion(names)
        for (name, token) in zip(names, tokens) where token.contains("=") {
          welcome.values[name] = String(token.dropFirst(name.count + 1))
        }
        // "CAP * LS * :…" is followed by more (IRCv3 capability negotiation, "Multiline replies").
        if parameters.count > 3 { return [] }
        let wanted = wanted
        if wanted.isEmpty { return try beginLogin() }
        return [Message("CAP", "REQ", wanted.joined(separator: " "))]
      case "ACK":
        welcome.capabilities.formUnion(names)
        return try beginLogin()
      case "NAK":
        return try beginLogin()
      default:
        return []
      }
    }

    private var wanted: [String] {
      let names = registration.capabilities + (registration.account == nil ? [] : ["sasl"])
      return names.filter(offered.contains)
    }

    /// The end of the negotiation, or the login before it.
    private mutating func beginLogin() throws(Failure) -> [Message] {
      guard let account = registration.account else { return [Message("CAP", "END")] }
      guard welcome.capabilities.contains("sasl") else {
        throw .noMechanism(account.mechanisms.map(\.rawValue))
      }
      let offered = welcome.values["sasl"]?.split(separator: ",").map(String.init)
      var login = Login(account: account, offered: offered)
      let step = login.begin()
      self.login = login
      return try loggingIn(step)
    }

    private mutating func nicknameTaken() throws(Failure) -> [Message] {
      guard registration.takesSimilarNickname, welcome.nickname.utf8.count < 30 else {
        throw .nicknameInUse(welcome.nickname)
      }
      welcome.nickname += "_"
      return [Message("NICK", welcome.nickname)]
    }

    private mutating func support(_ tokens: ArraySlice<String>) {
      for token in tokens {
        let name = String(token.prefix { $0 != "=" })
        welcome.supported[name] = String(token.dropFirst(name.count + 1))
      }
    }
  }
}
