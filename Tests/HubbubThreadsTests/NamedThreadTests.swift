import Glibc
import HubbubThreads
import Testing

@Suite("NamedThread")
struct NamedThreadTests {
  // "Linux keeps the first 15 bytes."
  @Test(
    "a thread's name is what the system shows of it",
    arguments: [
      ("client-12345", "client-12345"), ("123456789012345", "123456789012345"),
      ("1234567890123456", "123456789012345"), ("", ""),
    ])
  func names(name: String, shown: String) throws {
    let state = Monitor((isRunning: false, mayEnd: false))
    let thread = try NamedThread(name: name) {
      state.withLock { $0.isRunning = true }
      state.wakeAll()
      _ = state.wait(upTo: patience) { $0.mayEnd ? true : nil }
    }
    let isRunning: Bool? = state.wait(upTo: patience) { $0.isRunning ? true : nil }
    let names = Self.threadNames()
    state.withLock { $0.mayEnd = true }
    state.wakeAll()
    thread.join()
    #expect(isRunning == true)
    #expect(names.contains(shown))
  }

  @Test("what a stack took for deep calls is given back, and what is in use stays")
  func unusedStack() throws {
    nonisolated(unsafe) var (before, after, kept) = (false, true, 0)
    let thread = try NamedThread(name: "diver") {
      withUnsafeTemporaryAllocation(byteCount: 512, alignment: 8) { mine in
        mine.initializeMemory(as: UInt8.self, repeating: 7)
        let deepest = Self.dive(200)
        before = Self.isResident(deepest)
        NamedThread.releaseUnusedStack()
        after = Self.isResident(deepest)
        kept = mine.count { $0 == 7 }
      }
    }
    thread.join()
    #expect(before)
    #expect(!after)
    #expect(kept == 512)
  }

  /// Calls itself so often, and returns an address in the innermost call's frame.
  @inline(never)
  private static func dive(_ depth: Int) -> UInt {
    withUnsafeTemporaryAllocation(byteCount: 512, alignment: 8) { bytes in
      bytes.initializeMemory(as: UInt8.self, repeating: 1)
      return depth == 0 ? UInt(bitPattern: bytes.baseAddress) : dive(depth - 1)
    }
  }

  private static func isResident(_ address: UInt) -> Bool {
    var state: UInt8 = 0
    let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
    return mincore(UnsafeMutableRawPointer(bitPattern: address & ~(page - 1)), 1, &state) == 0
      && state & 1 == 1
  }

  @Test("after join all that the thread did is there to see")
  func joining() throws {
    // nonisolated(unsafe) is safe: the reads come after the join.
    nonisolated(unsafe) var sum = 0
    for number in 1...50 {
      let thread = try NamedThread(name: "adder") { sum += number }
      thread.join()
    }
    #expect(sum == 1275)
  }

  @Test("what the body captured is given back when the thread has ended")
  func captured() throws {
    final class Witness: Sendable {}
    var witness: Witness? = Witness()
    weak let left = witness
    let thread = try NamedThread(name: "captor") { [witness] in withExtendedLifetime(witness) {} }
    witness = nil
    thread.join()
    #expect(left == nil)
  }

  @Test("a thread that the system has no room for is an error in words, and keeps nothing (L3)")
  func noRoom() throws {
    final class Witness: Sendable {}
    var witness: Witness? = Witness()
    weak let left = witness
    let error = #expect(throws: SystemError.self) {
      try NamedThread(name: "giant", stackBytes: 1 << 50) { [witness] in
        withExtendedLifetime(witness) {}
      }
    }
    witness = nil
    #expect(error?.call == "pthread_create")
    #expect(error?.errno == EAGAIN)
    #expect(left == nil)
  }

  @Test("joining twice ends the program")
  func joiningTwice() async {
    await #expect(processExitsWith: .failure) {
      let thread = try NamedThread(name: "twice") {}
      thread.join()
      thread.join()
    }
  }

  @Test("a thread that joins itself ends the program")
  func joiningItself() async {
    await #expect(processExitsWith: .failure) {
      let itself = Monitor<NamedThread?>(nil)
      let thread = try NamedThread(name: "itself") {
        let thread = itself.wait(upTo: patience) { $0 }
        thread?.join()
        exit(0)
      }
      itself.withLock { $0 = thread }
      itself.wakeAll()
      while true { pause() }
    }
  }

  #if DEBUG
    @Test("a thread that nobody joins ends the program")
    func losing() async {
      await #expect(processExitsWith: .failure) {
        _ = try NamedThread(name: "lost") {}
      }
    }
  #endif

  private static func threadNames() -> Set<String> {
    guard let folder = opendir("/proc/self/task") else { return [] }
    defer { closedir(folder) }
    var names: Set<String> = []
    while let entry = readdir(folder) {
      let id = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let file = fopen("/proc/self/task/\(id)/comm", "r") else { continue }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 64)
      guard fgets(&line, Int32(line.count), file) != nil else { continue }
      let bytes = line.prefix { $0 != 0 && $0 != 0x0A }.map { UInt8(bitPattern: $0) }
      names.insert(String(decoding: bytes, as: UTF8.self))
    }
    return names
  }
}
