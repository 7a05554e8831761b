import HubbubRooms
import HubbubThreads

/// Deliver what others have said to those who are here: as many threads as there are processors, a
/// room always by the same one.
final class Deliverers: Sendable {
  private let workers: [Worker]

  init(_ count: Int) { workers = (0..<max(1, count)).map { _ in Worker() } }

  /// Has those delivered to whom an outcome names. Any thread; waits for nobody.
  func deliver(_ outcome: Outcome) {
    for room in outcome.rooms { worker(of: ObjectIdentifier(room)).add(room) }
    for person in outcome.people { worker(of: ObjectIdentifier(person)).add(person) }
    outcome.talk?.keeper?.hasNews()
  }

  private func worker(of object: ObjectIdentifier) -> Worker {
    workers[(object.hashValue & .max) % workers.count]
  }

  /// Their bodies, each for a thread of its own.
  var bodies: [@Sendable () -> Void] { workers.map { worker in { worker.run() } } }

  func stop() { for worker in workers { worker.stop() } }

  private final class Worker: Sendable {
    private struct State {
      /// Each once, however much there is to read: never more entries than rooms and people.
      var rooms: [ObjectIdentifier: Room] = [:]
      var people: [ObjectIdentifier: Member] = [:]
      var isStopping = false
    }

    /// Guards what there is to do. Nothing else is locked under it.
    private let state = Monitor(State())

    func add(_ room: Room) {
      state.withLock { $0.rooms[ObjectIdentifier(room)] = room }
      state.wakeAll()
    }

    func add(_ person: Member) {
      state.withLock { $0.people[ObjectIdentifier(person)] = person }
      state.wakeAll()
    }

    func run() {
      while true {
        let work: ([Room], [Member])? =
          state.wait { state -> ([Room], [Member])?? in
            if state.isStopping { return .some(nil) }
            if state.rooms.isEmpty, state.people.isEmpty { return nil }
            defer { (state.rooms, state.people) = ([:], [:]) }
            return .some((Array(state.rooms.values), Array(state.people.values)))
          } ?? nil
        guard let (rooms, people) = work else { return }
        Room.deliver(to: rooms)
        for person in people { person.deliver() }
      }
    }

    func stop() {
      state.withLock { $0.isStopping = true }
      state.wakeAll()
    }
  }
}
