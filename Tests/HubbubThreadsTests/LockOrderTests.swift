import HubbubThreads
import Testing

// C2. Only debug builds look.
#if DEBUG
  @Suite("Lock order")
  struct LockOrderTests {
    @Test("locks are taken from the registry down to the leaf")
    func ascending() {
      let levels: [LockLevel] = [.registry, .room, .member, .leaf]
      let monitors = levels.map { Monitor(level: $0, 0) }
      func descend(_ rest: ArraySlice<Monitor<Int>>) -> Int {
        guard let first = rest.first else { return 0 }
        return first.withLock { _ in 1 + descend(rest.dropFirst()) }
      }
      #expect(descend(monitors[...]) == 4)
      // All are given back, so that every one can be the first again.
      for monitor in monitors { #expect(monitor.withLock { $0 } == 0) }
    }

    @Test("a level that was left, even by a throw, can be taken again")
    func leaving() {
      struct Refused: Error {}
      let registry = Monitor(level: .registry, 0)
      let room = Monitor(level: .room, 0)
      let other = Monitor(level: .room, 0)
      registry.withLock { _ in
        _ = try? room.withLock { _ in throw Refused() }
        other.withLock { $0 += 1 }
        _ = room.wait(upTo: .zero) { _ -> Int? in nil }
        other.withLock { $0 += 1 }
      }
      #expect(other.withLock { $0 } == 2)
    }

    @Test("each thread has an order of its own")
    func perThread() throws {
      let leaf = Monitor(level: .leaf, 0)
      let registry = Monitor(level: .registry, 0)
      // Under the lock, but on another thread.
      let thread = try leaf.withLock { _ in
        try NamedThread(name: "other") { registry.withLock { $0 += 1 } }
      }
      thread.join()
      #expect(registry.withLock { $0 } == 1)
    }

    @Test("a room's lock under a member's ends the program")
    func descending() async {
      await #expect(processExitsWith: .failure) {
        let room = Monitor(level: .room, 0)
        Monitor(level: .member, 0).withLock { _ in room.withLock { $0 += 1 } }
      }
    }

    @Test("two locks of one level end the program")
    func sameLevel() async {
      await #expect(processExitsWith: .failure) {
        let other = Monitor(level: .room, 0)
        Monitor(level: .room, 0).withLock { _ in other.withLock { $0 += 1 } }
      }
    }

    @Test("a lock that is taken twice ends the program, and does not wait for itself")
    func twice() async {
      await #expect(processExitsWith: .failure) {
        let leaf = Monitor(level: .leaf, 0)
        leaf.withLock { _ in leaf.withLock { $0 += 1 } }
      }
    }

    @Test("a wait keeps the order too")
    func waiting() async {
      await #expect(processExitsWith: .failure) {
        let registry = Monitor(level: .registry, 0)
        Monitor(level: .room, 0).withLock { _ in _ = registry.wait { $0 } }
      }
    }
  }
#endif
