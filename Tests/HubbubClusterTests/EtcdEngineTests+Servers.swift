import Glibc
import HubbubThreads
import Testing

@testable import HubbubCluster

/// Servers that go away.
extension EtcdEngineTests {
  @Test("a server that does not answer is left for the next")
  func nextServer() throws {
    let server = try EtcdServer()
    let silent = SilentServer()
    var settings = server.settings()
    settings.endpoints.insert("http://127.0.0.1:1", at: 0)
    let engine = EtcdEngine(settings)
    #expect(try engine.members().isEmpty)
    #expect(engine.address == "etcd at \(server.endpoints[0])")
    settings.endpoints[0] = "http://127.0.0.1:\(silent.port)"
    settings.callTimeout = .milliseconds(200)
    let patient = EtcdEngine(settings)
    #expect(throws: EngineError.away("etcd at \(settings.endpoints[0]): Timeout was reached")) {
      try patient.members()
    }
    #expect(throws: Never.self) { while (try? patient.members()) == nil {} }
    settings.endpoints = ["http://127.0.0.1:1"]
    let lonely = EtcdEngine(settings)
    #expect(throws: EngineError.away("\(lonely.address): Couldn't connect to server")) {
      try lonely.follow(after: 0, patience: .seconds(60)) { _ in true }
    }
  }

  @Test("what was carried out stands once, though the answer was lost")
  func lostAnswer() throws {
    let server = try EtcdServer()
    let proxies = try (0..<2).map { _ in try LosingProxy(server.endpoints[0]) }
    let engines = proxies.map { proxy in
      var settings = server.settings()
      settings.endpoints.insert(proxy.endpoint, at: 0)
      return EtcdEngine(settings)
    }
    let tenure = try engines[0].enter(3, card: [7], life: .seconds(60))
    #expect(engines[0].address == "etcd at \(server.endpoints[0])")
    #expect(try engines[1].append([1], number: 1, in: tenure) == nil)
    #expect(try engines[0].append([2], number: 2, in: tenure) != nil)
    let follower = try EtcdFollower(server.settings())
    #expect(
      follower.entries(3).map(\.content)
        == [.entered(3, card: [7]), .batch(3, [1]), .batch(3, [2])])
    try engines[0].keepAlive(tenure)
  }

  @Test("every batch stands once and in order, though the leader was killed")
  func leaderKilled() throws {
    let server = try EtcdServer(count: 3)
    let leader = try server.leader()
    var settings = server.settings()
    settings.endpoints.swapAt(0, leader)
    settings.callTimeout = .seconds(2)
    let engine = EtcdEngine(settings)
    let follower = try EtcdFollower(settings)
    let tenure = try engine.enter(3, card: [], life: .seconds(60))
    let appended = Monitor(0)
    let process = server.processes[leader].process
    let killer = try NamedThread(name: "killer") {
      if appended.wait(upTo: .seconds(60), for: { $0 >= 100 ? true : nil }) == true {
        kill(process, SIGKILL)
      }
    }
    var (away, repeated) = (0, 0)
    for number in 1...300 as ClosedRange<UInt64> {
      while true {
        do throws(EngineError) {
          if try engine.append(Array("\(number)".utf8), number: number, in: tenure) == nil {
            repeated += 1
          }
          break
        } catch {
          guard case .away = error else { throw error }
          away += 1
        }
      }
      appended.withLock { $0 += 1 }
      appended.wakeAll()
    }
    killer.join()
    let expected = (1...300).map { LogEntry.Content.batch(3, Array("\($0)".utf8)) }
    #expect(follower.entries(301).dropFirst().map(\.content) == expected)
    #expect(engine.address != "etcd at \(server.endpoints[leader])")
    let late = try EtcdFollower(settings)
    #expect(late.entries(301) == follower.end())
    print("leaderKilled: \(away) times away, \(repeated) repeats had been carried out")
  }

  @Test("without a majority nothing is read and nothing appended")
  func minority() throws {
    let server = try EtcdServer(count: 3)
    var settings = server.settings()
    let tenure = try EtcdEngine(settings).enter(3, card: [], life: .seconds(60))
    settings.endpoints = [server.endpoints[0]]
    settings.callTimeout = .milliseconds(500)
    let engine = EtcdEngine(settings)
    let error = #expect(throws: EngineError.self) {
      try engine.follow(after: 0, patience: .seconds(60)) { _ in
        for process in server.processes[1...] { kill(process.process, SIGKILL) }
        return true
      }
    }
    #expect(error == .away("\(engine.address): no leader"))
    let appending = #expect(throws: EngineError.self) {
      try engine.append([1], number: 1, in: tenure)
    }
    guard case .away = appending else {
      Issue.record("\(String(describing: appending)) is another reason")
      return
    }
  }
}
