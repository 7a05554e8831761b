import HubbubLog
import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubRooms

/// The registry as a state machine: what it is in depends on the actions and nothing else.
@Suite struct ReplayTests {
  /// One action, without the objects of the registry that it was applied to.
  private struct Recorded {
    let author: MemberID
    let time: Timestamp
    let deed: Action.Deed
    let refusal: Refusal?
  }

  @Test("the same actions on the same state give the same state and the same refusals")
  func replay() throws {
    let first = seed()
    for number: UInt64 in 0..<100 { try replay(seed: first &+ number) }
  }

  private func replay(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let first = Cast()
    var recorded: [Recorded] = []
    var digests: [UInt64] = []
    for number in 0..<120 {
      let action = first.action(number, &random)
      let refusal = first.apply(action)
      recorded.append(
        Recorded(
          author: action.author.session.id, time: action.time, deed: action.owned.deed,
          refusal: refusal))
      digests.append(first.registry.digest())
    }
    let second = Cast()
    for (number, step) in recorded.enumerated() {
      let author = second.author(step.author)
      let refusal = second.apply(Action(by: author, at: step.time, step.deed))
      #expect(refusal == step.refusal, "seed \(seed), action \(number): \(step.deed)")
      #expect(
        second.registry.digest() == digests[number],
        "seed \(seed), action \(number): \(step.deed)")
    }
    // It is a history, and not the same refusal again and again.
    #expect(Set(digests).count > 10, "seed \(seed)")
  }

  @Test("each thing that actions decide changes the digest")
  func digest() throws {
    let cast = Cast()
    var known = [cast.registry.digest()]
    for deed in Self.deeds {
      _ = cast.apply(Action(by: cast.author(1), at: Timestamp(milliseconds: 9), deed))
      let digest = cast.registry.digest()
      #expect(!known.contains(digest), "\(deed)")
      known.append(digest)
    }
  }

  private static let deeds: [Action.Deed] = [
    .join("#r", key: nil), .setTopic("t", in: "#r"),
    .say([Person.speech("x")], in: RoomReference("#r"), to: nil),
    .changeModes(
      [.room(ModeChange(isAdding: true, "i"))], in: "#r", asServer: false, masksPerList: 9),
    .changeModes(
      [.list(ModeChange(isAdding: true, "b"), try! RoomMask("a!*@*", in: "b"))], in: "#r",
      asServer: false, masksPerList: 9),
    .invite("p2", to: "#r", id: []), .changeNickname("q1"), .setAway("gone"),
    .setRealName("another"), .setAddress(userName: "u", host: "h", of: "q1"),
    .renamePerson("q1", to: "q2"), .logIn("acc"),
    .keepRoom(RoomRegistration(number: 1, access: ["acc": .founder]), in: "#r", asServer: false),
    .setStanding(.voiced, of: "other", in: "#r"),
    .renameRoom("#r", to: "#s", reason: ""), .part("#s", reason: nil),
    .quit(reason: nil, silentReason: nil),
  ]
}

/// A registry and some people in it, who do what chance says.
private struct Cast {
  let registry = Registry.forTests(roomsPerMember: 3)
  private let people: [Person]

  init() {
    let registry = registry
    people = (1...5).map { number in
      // Nobody else has such a name.
      try! Person(
        MemberID(number), "p\(number)", in: registry,
        capabilities: number == 1 ? [.channelRename, .messageRedaction] : [])
    }
  }

  func author(_ id: MemberID) -> Author { people[Int(id) - 1].author }

  /// Applies it and reads what came of it.
  func apply(_ action: Action) -> Refusal? {
    let person = people[Int(action.author.session.id) - 1]
    do throws(Refusal) {
      let outcome = try registry.apply(action)
      person.settle(outcome)
      switch outcome.answer {
      case .joined(let view, _): person.outbox.fill(view.reservation!, with: view.join ?? [])
      case .invited(let invitation): person.outbox.fill(invitation.reservation, with: [])
      case .renamed(let newcomers):
        for newcomer in newcomers {
          newcomer.session.outbox.fill(newcomer.view.reservation!, with: newcomer.lines)
        }
      default: break
      }
      return nil
    } catch {
      return error
    }
  }

  func action(_ number: Int, _ random: inout SplitMix64) -> Action {
    let person = people.randomElement(using: &random)!
    let time = Timestamp(milliseconds: Int64(number) * 250)
    return Action(by: person.author, at: time, deed(number, &random))
  }

  private func deed(_ number: Int, _ random: inout SplitMix64) -> Action.Deed {
    let room = ["#a", "#b", "#c", "#d"].randomElement(using: &random)!
    let nickname = "p\(Int.random(in: 1...5, using: &random))"
    switch Int.random(in: 0..<24, using: &random) {
    case 20: return .logIn(number % 3 == 0 ? nil : "acc\(number % 4)")
    case 21:
      let access: [String: RoomRegistration.Standing] = ["acc1": .founder, "acc2": .denied]
      return .keepRoom(
        number % 4 == 0 ? nil : RoomRegistration(number: Int64(number), access: access), in: room,
        asServer: number % 2 == 0)
    case 22: return .setStanding(number % 3 == 0 ? nil : .assisting, of: "acc2", in: room)
    case 23: return .renamePerson(nickname, to: "g\(number)")
    case 16: return .say([Person.speech("\(number)")], in: RoomReference(room), to: .operating)
    case 17:
      return .say(
        [Person.speech("\(number).1"), Person.speech("\u{1}VERSION\u{1}")],
        in: RoomReference(room), to: nil)
    case 18:
      return .relay(
        Person.speech("\(number)"), from: "far/away!relay@server", in: room, isTrusted: true)
    case 19 where number > 90: return .quit(reason: "bye", silentReason: "Quit")
    case 0..<4: return .join(room, key: nil)
    case 4: return .part(room, reason: "x")
    case 5: return .kick(nickname, from: room, comment: "x")
    case 6: return .invite(nickname, to: room, id: [])
    case 7: return .setTopic("topic \(number)", in: room)
    case 8:
      let letter = Array("imnstCU").randomElement(using: &random)!
      let change = ModeChange(isAdding: Bool.random(using: &random), letter)
      return .changeModes([.room(change)], in: room, asServer: false, masksPerList: 9)
    case 9:
      let isAdding = Bool.random(using: &random)
      return .changeModes(
        [
          .status(isAdding: isAdding, .operating, mode: "o", nickname), .forward("#a"),
          .list(
            ModeChange(isAdding: isAdding, "b"), try! RoomMask("\(nickname)!*@*", in: "b")),
        ], in: room, asServer: number % 5 == 0, masksPerList: 9)
    case 10: return .renameRoom(room, to: "#e", reason: "")
    case 11: return .changeNickname("p\(Int.random(in: 1...7, using: &random))")
    case 12: return .setAway(number % 2 == 0 ? "gone \(number)" : nil)
    case 13: return .setAddress(userName: "u\(number)", host: "h", of: nickname)
    case 14: return .tell(Person.speech("\(number)"), to: nickname, id: [])
    default:
      return .say([Person.speech("\(number)")], in: RoomReference(room), to: nil)
    }
  }
}
