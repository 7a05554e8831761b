import HubbubRooms
import Testing

@testable import HubbubServer

@Suite struct RefusalTests {
  private static let refusals: [Refusal] = [
    .notMember, .targetNotMember("bob"), .targetAlreadyMember("bob"), .operatorNeeded,
    .fullOperatorNeeded, .cannotSpeak("m"), .roomIsFull, .inviteOnly, .wrongKey, .banned,
    .listFull("b", "*!*@*"), .tooManyRooms, .nicknameInUse, .silenced(room: "#r"),
    .roomNameInUse, .roomNameIsFixed, .tooManyNewcomers, .isKnownAs("ann!ann@host"),
    .renamableLater(seconds: 3), .wasRenamed, .unknownMessage, .isClosed, .hasQuit,
  ]

  @Test("every refusal is answered in words, and names the room", arguments: refusals)
  func words(refusal: Refusal) throws {
    let answer = try #require(refusal.answer(about: "#r"))
    #expect(answer.middle.contains("#r"))
    #expect(answer.trailing?.isEmpty == false)
    #expect(answer.numeric.rawValue >= 400)
  }

  @Test("whoever joins a room that it is in is told nothing: it is so already")
  func silence() {
    #expect(Refusal.alreadyMember.answer(about: "#r") == nil)
  }
}
