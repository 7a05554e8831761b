import IRCWire

extension Registration {
  /// The client's side of a registration as a plain value: what to say to what was heard.
  struct Conversation {
    let registration: Registration
    private(set) var welcome: Welcome
    private(set) var isDone = false
    private(set) var lastError: String?
    private var offered: Set<String> = []

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
      switch message.command {
      case "PING": return [Message("PONG", message.parameters)]
      case "CAP": return capability(message.parameters)
      case "433", "436", "437": return try nicknameTaken()
      case "432", "462", "464", "465", "468":
        throw .refused(numeric: message.command, reason: message.parameters.last ?? "")
      case "001": welcome.nickname = message.parameters.first ?? welcome.nickname
      case "005": support(message.parameters.dropFirst().dropLast())
      case "376", "422": isDone = true
      case "ERROR": lastError = message.parameters.last
      default: break
      }
      welcome.messages.append(message)
      return []
    }

    private mutating func capability(_ parameters: [String]) -> [Message] {
      guard parameters.count >= 3, let list = parameters.last else { return [] }
      let names = list.split(separator: " ").map { String($0.prefix { $0 != "=" }) }
      switch parameters[1] {
      case "LS":
        offered.formUnion(names)
        // "CAP * LS * :…" is followed by more (IRCv3 capability negotiation, "Multiline replies").
        if parameters.count > 3 { return [] }
        let wanted = registration.capabilities.filter(offered.contains)
        if wanted.isEmpty { return [Message("CAP", "END")] }
        return [Message("CAP", "REQ", wanted.joined(separator: " "))]
      case "ACK":
        welcome.capabilities.formUnion(names)
        return [Message("CAP", "END")]
      case "NAK":
        return [Message("CAP", "END")]
      default:
        return []
      }
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
