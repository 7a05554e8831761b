import HubbubRooms
import IRCWire

/// NickServ and ChanServ, as people and old clients know them: `NS IDENTIFY …`, `PRIVMSG NickServ
/// :IDENTIFY …`. Nobody is there: the server itself answers, by NOTICE.
enum Service: String, CaseIterable, Sendable {
  case nicknames = "NickServ"
  case rooms = "ChanServ"

  /// The one that is called `name`; nil for others.
  init?(named name: String) {
    // `NickServ@services.example` is how careful clients address it.
    let nickname = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)[0]
    guard
      let found = Self.allCases.first(where: {
        FoldedName($0.rawValue) == FoldedName(String(nickname))
      })
    else { return nil }
    self = found
  }

  /// One thing that it does: parameters are those behind the word.
  struct Request: Sendable {
    let parameters: Int
    let usage: String
    let run: @Sendable (Session, [String], AccountVoice) -> Void
  }

  var requests: [String: Request] {
    switch self {
    case .nicknames: nickServRequests
    case .rooms: chanServRequests
    }
  }
}

/// The commands that lead to a service.
let serviceCommands: [String: Command] = {
  func command(_ service: Service) -> Command {
    Command(.registered, usage: "<request> [<parameter>…]") { session, message in
      session.ifThereAreAccounts(message) { session.ask(service, message.parameters) }
    }
  }
  return [
    "NS": command(.nicknames), "NICKSERV": command(.nicknames), "CS": command(.rooms),
    "CHANSERV": command(.rooms),
  ]
}()

extension Session {
  /// What is said to a service, which is nobody.
  ///
  /// - Returns: whether it was one.
  func say(_ speech: Speech, toServiceNamed name: String, answers: Bool) -> Bool {
    guard hub.accounts != nil, let service = Service(named: name) else { return false }
    // A NOTICE must never be answered.
    guard answers, case .text(let text) = speech.content, speech.verb == .message else {
      return true
    }
    let words = String(decoding: text.bytes, as: UTF8.self).split(separator: " ").map(String.init)
    ask(service, words)
    return true
  }

  /// Asks a service for something. One line may have all of it in its last parameter.
  fileprivate func ask(_ service: Service, _ parameters: [String]) {
    let words = parameters.flatMap { $0.split(separator: " ").map(String.init) }
    let voice = AccountVoice.service(service.rawValue)
    guard let word = words.first?.uppercased(), let request = service.requests[word] else {
      return tell(voice, "HELP", [], "Say HELP to \(service.rawValue) to hear what there is")
    }
    guard words.count > request.parameters else {
      return fail(voice, "NEED_MORE_PARAMS", [word], "It is: \(word) \(request.usage)")
    }
    request.run(self, Array(words.dropFirst()), voice)
  }

  /// What a service understands.
  func help(_ service: Service, _ voice: AccountVoice) {
    for (word, request) in service.requests.sorted(by: { $0.key < $1.key }) {
      tell(voice, "HELP", [], [word, request.usage].filter { !$0.isEmpty }.joined(separator: " "))
    }
    tell(voice, "HELP", [], "/QUOTE HELP ACCOUNT and HELP ROOM explain what is behind it")
  }

  /// Carries out one of the things that `ACCOUNT` does, for a service.
  func account(_ name: String, _ parameters: [String], _ voice: AccountVoice) {
    guard let command = AccountCommand.table[name] else { return }
    run(command, name, parameters, voice)
  }
}
