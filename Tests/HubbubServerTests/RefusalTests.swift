import HubbubRooms
import Testing

@testable import HubbubServer

@Suite struct RefusalTests {
  private static let refusals: [Refusal] = [
    .notMember, .targetNotMember("bob"), .targetAlreadyMember("bob"), .operatorNeeded,
    .fullOperatorNeeded, .cannotSpeak("m"), .roomIsFull, .inviteOnly, .wrongKey, .banned,
    .listFull("b", "*!*@*"), .tooManyRooms, .nicknameInUse, .silenced(room: "#r"),
    .roomNameInUse, .roomNameIsFixed, .tooManyNewcomers, .noSuchRoom,
    .renamableLater(seconds: 3), .isStale, .forwardsToItself, .unknownMessage, .isClosed, .hasQuit,
  ]

  @Test("every refusal is answered in words, and names the room", arguments: refusals)
  func words(refusal: Refusal) throws {
    let answer = try #require(refusal.answer(about: "#r"))
    #expect(answer.middle.contains("#r"))
    #expect(answer.trailing?.isEmpty == false)
    #expect(answer.numeric.rawValue >= 400)
  }

  @Test("a refusal that names something else than the room answers with that")
  func otherNames() {
    let named: [(Refusal, String)] = [
      (.noSuchNick("bob"), "bob"), (.noSuchForward("#s"), "#s"),
      (.forwardNotOperated("#s", isMember: true), "#s"),
      (.forwardNotOperated("#s", isMember: false), "#s"),
    ]
    for (refusal, name) in named {
      #expect(refusal.answer(about: "#r")?.middle == [name])
    }
  }

  @Test("whoever joins a room that it is in is told nothing: it is so already")
  func silence() {
    #expect(Refusal.alreadyMember.answer(about: "#r") == nil)
  }
}
