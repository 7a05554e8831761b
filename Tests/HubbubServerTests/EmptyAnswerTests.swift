import HubbubRooms
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

/// A place that is held for an answer, and then given up: what stopped there goes on at once.
@Suite struct EmptyAnswerTests {
  /// Lets something be done between an action and what its author is told of it.
  private struct Interrupted: Ordering {
    let inner: LocalOrdering
    let pause: @Sendable (Action) -> Void

    func submit(_ action: Action) throws(Refusal) -> Outcome {
      let outcome = try inner.submit(action)
      pause(action)
      return outcome
    }
  }

  /// bob                                 ann
  /// SETNAME: its place is held
  ///                                     says something to bob; the delivery stops at the place
  /// the place is given up: bob cannot read a SETNAME
  @Test("what was said while an answer was decided comes, though the answer is nothing")
  func privateMessage() throws {
    let gate = Monitor((isAsked: false, isDone: false))
    let server = try TestServer(
      from: nil,
      order: { inner in
        Interrupted(inner: inner) { action in
          guard case .setRealName = action.deed else { return }
          gate.withLock { $0.isAsked = true }
          gate.wakeAll()
          _ = gate.wait(upTo: ScriptedClient.patience) { $0.isDone ? true : nil }
        }
      }, { _ in })
    let (ann, bob) = (try server.client("ann"), try server.client("bob"))
    try bob.send("SETNAME other")
    #expect(gate.wait(upTo: ScriptedClient.patience) { $0.isAsked ? true : nil } == true)
    try ann.send("PRIVMSG bob :hello")
    // At the second answer the first read was delivered.
    for _ in 0..<2 { _ = try ann.messagesUntilNow() }
    gate.withLock { $0.isDone = true }
    gate.wakeAll()
    #expect(try bob.expect("PRIVMSG").parameters == ["bob", "hello"])
  }
}
