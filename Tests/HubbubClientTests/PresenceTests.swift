import Testing

@testable import HubbubClient

/// A stretch of comings and goings says who is here now.
@Suite struct PresenceTests {
  private func sentence(_ changes: Presence.Change...) -> String {
    var presence = Presence(changes[0])
    for change in changes.dropFirst() { presence.add(change) }
    return presence.sentence
  }

  @Test func whoQuitAndCameBackIsHere() {
    #expect(sentence(.left("ann", reason: "x"), .joined("ann")) == "ann left and came back")
    #expect(
      sentence(
        .left("s1", reason: ""), .left("s2", reason: ""), .joined("s2"), .left("s3", reason: ""),
        .joined("s1"), .joined("s3")) == "s2, s1 and s3 left and came back")
  }

  @Test func whoCameAndWentIsNotHere() {
    #expect(sentence(.joined("ann"), .left("ann", reason: "")) == "ann looked in")
    #expect(
      sentence(.left("ann", reason: ""), .joined("ann"), .left("ann", reason: "")) == "ann left")
  }

  @Test func aNewNameIsTheSamePerson() {
    #expect(
      sentence(.joined("ann"), .renamed(from: "ann", to: "eve")) == "eve (first ann) joined")
    #expect(
      sentence(.renamed(from: "ann", to: "eve"), .left("eve", reason: "")) == "eve (first ann) left"
    )
    #expect(
      sentence(.left("ann", reason: ""), .renamed(from: "bob", to: "ann"))
        == "ann left; bob is now ann")
  }
}
