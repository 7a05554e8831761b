import HubbubRooms
import HubbubThreads
import IRCWire

/// Something that somebody in a simulated network wants.
struct SimulatedWish {
  let deed: Action.Deed

  /// What is said by it; nil where that is nothing to a whole room.
  var text: String?

  init(number: Int, in room: String) {
    let text = "said \(number)"
    deed = .say([Speech(.message, .text(SpokenText(text)))], in: RoomReference(room), to: nil)
    self.text = text
  }

  init(number: Int, _ random: inout SplitMix64) {
    let room = ["#a", "#b", "#c", "#lasting"].randomElement(using: &random)!
    let nickname = "g\(Int.random(in: 0..<9, using: &random))"
    let isOdd = number % 2 == 1
    func speech(_ text: String) -> Speech { Speech(.message, .text(SpokenText(text))) }
    switch Int.random(in: 0..<42, using: &random) {
    case 0..<7: deed = .join(room, key: isOdd ? "k" : nil)
    case 7: deed = .part(room, reason: "x")
    case 8: deed = .kick(nickname, from: room, comment: "x")
    case 9: deed = .invite(nickname, to: room, id: Array("i\(number)".utf8))
    case 10: deed = .setTopic("topic \(number)", in: room)
    case 11:
      let letter = Array("imnstCU").randomElement(using: &random)!
      let change = ModeChange(isAdding: isOdd, letter)
      deed = .changeModes([.room(change)], in: room, asServer: false, masksPerList: 3)
    case 12:
      let mask = try! RoomMask("\(nickname)!*@*", in: "b")
      deed = .changeModes(
        [
          .status(isAdding: isOdd, .operating, mode: "o", nickname), .forward("#a"),
          .list(ModeChange(isAdding: isOdd, "b"), mask),
        ], in: room, asServer: number % 5 == 0, masksPerList: 3)
    case 13:
      deed = .renameRoom(room, to: ["#a", "#b", "#d"].randomElement(using: &random)!, reason: "")
    case 14..<17: deed = .changeNickname(nickname)
    case 17: deed = .setAway(isOdd ? "gone \(number)" : nil)
    case 18: deed = .setRealName("real \(number)")
    case 19: deed = .setAddress(userName: "u\(number)", host: "h", of: nickname)
    case 20: deed = .tell(speech("aside \(number)"), to: nickname, id: Array("t\(number)".utf8))
    case 21: deed = .changeUserModes([ModeChange(isAdding: isOdd, "i")], operatorName: nil)
    case 22: deed = .changeUserModes([], operatorName: "root")
    case 23: deed = .wallops("all \(number)", id: Array("w\(number)".utf8))
    case 24: deed = .quit(reason: "bye", silentReason: nil, stays: number % 3 == 0)
    case 36, 37:
      let account = "acc\(number % 4)"
      deed = .logIn(number % 5 == 0 ? nil : account, isApart: isOdd, credential: [7])
    case 38: deed = .release(account: "acc\(number % 4)")
    case 39, 40:
      deed = .tell(speech("aside \(number)"), to: nickname, id: Array("t\(number)".utf8))
    case 25: deed = .say([speech("quiet \(number)")], in: RoomReference(room), to: .operating)
    case 34, 35:
      deed = .keep(
        book: "b\(number % 2)", key: nickname, value: isOdd ? [UInt8(number & 0xFF)] : nil,
        until: number % 3 == 0 ? Timestamp(milliseconds: Int64(number)) : nil)
    case 26:
      let change = ModeChange(isAdding: isOdd, "k", "k")
      deed = .changeModes([.room(change)], in: room, asServer: false, masksPerList: 3)
    default:
      let text = "said \(number)"
      deed = .say([speech(text)], in: RoomReference(room), to: nil)
      self.text = text
    }
  }
}
