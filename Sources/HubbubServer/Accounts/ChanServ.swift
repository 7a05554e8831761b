import HubbubRooms
import HubbubStore
import IRCWire

/// What ChanServ understands.
let chanServRequests: [String: Service.Request] = [
  "HELP": Service.Request(parameters: 0, usage: "") { session, _, voice in
    session.help(.rooms, voice)
  },
  "REGISTER": Service.Request(parameters: 1, usage: "<channel>") { $0.room("REGISTER", $1, $2) },
  "INFO": Service.Request(parameters: 1, usage: "<channel>") { $0.room("INFO", $1, $2) },
  "LIST": Service.Request(parameters: 0, usage: "") { $0.room("LIST", $1, $2) },
  "ACCESS": Service.Request(
    parameters: 2, usage: "<channel> LIST | ADD <account> <standing> | DEL <account>"
  ) { $0.room("ACCESS", $1, $2) },
  "SET": Service.Request(
    parameters: 3,
    usage: "<channel> history <duration>|off|default, or visibility joined|members|default"
  ) { $0.room("SET", $1, $2) },
  "TRANSFER": Service.Request(parameters: 2, usage: "<channel> <account>") {
    $0.room("TRANSFER", $1, $2)
  },
  "ACCEPT": Service.Request(parameters: 1, usage: "<channel>") { $0.room("ACCEPT", $1, $2) },
  "DROP": Service.Request(parameters: 1, usage: "<channel> [<code>]") {
    $0.room("DROP", $1, $2)
  },
  "OP": statusRequest(.operating, "o", isAdding: true, needs: .op),
  "DEOP": statusRequest(.operating, "o", isAdding: false, needs: .op),
  "HALFOP": statusRequest(.assisting, "h", isAdding: true, needs: .halfOperator),
  "DEHALFOP": statusRequest(.assisting, "h", isAdding: false, needs: .halfOperator),
  "VOICE": statusRequest(.voiced, "v", isAdding: true, needs: .voice),
  "DEVOICE": statusRequest(.voiced, "v", isAdding: false, needs: .voice),
]

/// `OP <channel> [<nickname>]` and its like: by whoever's account has that standing.
private func statusRequest(
  _ status: MemberStatus, _ letter: Character, isAdding: Bool, needs: RoomAccess.Standing
) -> Service.Request {
  Service.Request(parameters: 1, usage: "<channel> [<nickname>]") { session, parameters, voice in
    let nickname = parameters.count > 1 ? parameters[1] : session.nickname
    // To others than oneself, operators give it.
    let isOwn = FoldedName(nickname) == FoldedName(session.nickname)
    guard let room = session.managedRoom(parameters[0], voice, by: isOwn ? needs : .op) else {
      return
    }
    session.attempt(
      .changeModes(
        [.status(isAdding: isAdding, status, mode: letter, nickname)], in: room.name,
        asServer: true, masksPerList: session.hub.limits.masksPerList), in: room.name)
  }
}
