import Glibc
import HubbubThreads
import Synchronization
import Testing

@Suite("Baton")
struct BatonTests {
  @Test("it is taken once, and again after it was given back")
  func taking() {
    let baton = Baton()
    for _ in 0..<3 {
      #expect(baton.tryTake())
      #expect(!baton.tryTake())
      baton.release()
    }
  }

  @Test("after it was retired nobody takes it")
  func retiring() {
    let baton = Baton()
    #expect(baton.tryTake())
    baton.release()
    baton.retire()
    for _ in 0..<3 { #expect(!baton.tryTake()) }
  }

  /// helper                       owner
  /// takes
  ///                              retire(): the baton is out, waits
  /// writes, releases
  ///                              goes on: the writing is done
  @Test("retiring waits for the one who has it")
  func retiringWaits() throws {
    for round in 0..<300 {
      let course = Course()
      #expect(course.baton.tryTake())
      let owner = try NamedThread(name: "owner") {
        course.isClosed.store(true, ordering: .releasing)
        course.baton.retire()
        course.isTornDown = course.counter == 1
      }
      while !course.isClosed.load(ordering: .acquiring) { sched_yield() }
      // Sometimes the owner waits by now, sometimes it comes to a free baton.
      for _ in 0..<(round % 50) { sched_yield() }
      course.touch()
      course.baton.release()
      owner.join()
      #expect(course.isTornDown, "the owner saw what was written before the release")
      #expect(!course.baton.tryTake())
    }
  }

  @Test("at most one thread has it, and nobody after it was retired")
  func stress() throws {
    for _ in 0..<20 {
      let course = Course()
      let owner = try NamedThread(name: "owner") {
        while course.turns.load(ordering: .relaxed) < 500 { sched_yield() }
        course.baton.retire()
        course.isTornDown = true
        course.isClosed.store(true, ordering: .releasing)
      }
      try together(3) { _ in
        while !course.isClosed.load(ordering: .acquiring) {
          guard course.baton.tryTake() else {
            sched_yield()
            continue
          }
          course.touch()
          course.baton.release()
        }
        if course.baton.tryTake() { course.mistakes.add(1, ordering: .relaxed) }
      }
      owner.join()
      #expect(course.mistakes.load(ordering: .relaxed) == 0)
      #expect(course.counter == course.turns.load(ordering: .relaxed))
    }
  }

  /// What helpers and owner share.
  // @unchecked: the plain properties are touched by the baton's holder, by the owner after it retired the
  // baton, and by the test after the joins. That this is enough is what is tested.
  private final class Course: @unchecked Sendable {
    let baton = Baton()
    var counter = 0
    var isTornDown = false
    let turns = Atomic<Int>(0)
    let mistakes = Atomic<Int>(0)
    let isClosed = Atomic<Bool>(false)

    func touch() {
      if isTornDown { mistakes.add(1, ordering: .relaxed) }
      counter += 1
      turns.add(1, ordering: .relaxed)
    }
  }

  @Test("a double release ends the program")
  func doubleRelease() async {
    await #expect(processExitsWith: .failure) {
      let baton = Baton()
      guard baton.tryTake() else { return }
      baton.release()
      baton.release()
    }
  }

  @Test("releasing what was never taken ends the program")
  func releaseOfNothing() async {
    await #expect(processExitsWith: .failure) { Baton().release() }
  }

  @Test("releasing after it was retired ends the program")
  func releaseAfterRetire() async {
    await #expect(processExitsWith: .failure) {
      let baton = Baton()
      baton.retire()
      baton.release()
    }
  }

  @Test("retiring twice ends the program")
  func retiringTwice() async {
    await #expect(processExitsWith: .failure) {
      let baton = Baton()
      baton.retire()
      baton.retire()
    }
  }
}
