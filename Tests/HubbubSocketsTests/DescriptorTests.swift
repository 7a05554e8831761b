import Glibc
import HubbubThreads
import Testing

@testable import HubbubSockets

/// Each in a process of its own, as the descriptors of a process belong to all its tests.
@Suite("Descriptors", .serialized)
struct DescriptorTests {
  @Test("connections, however they end, give their descriptors back")
  func connections() async {
    await #expect(processExitsWith: .success) {
      settleDescriptors()
      func cycle() throws {
        let closed = try Meeting()
        closed.client.close()
        closed.server.close()
        _ = try Meeting()
        let reset = try Meeting()
        reset.client.reset()
        #expect(throws: SystemError.self) { try reset.server.receiveSome() }
        let stopped = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
        let waiting = try Socket.beginConnecting(to: stopped.endpoint)
        stopped.stop()
        #expect(try stopped.accept() == nil)
        waiting.shutDown()
      }
      try cycle()
      let before = descriptorCount()
      for _ in 0..<20 { try cycle() }
      #expect(descriptorCount() == before)
    }
  }

  @Test("what fails leaves none behind")
  func failures() async {
    await #expect(processExitsWith: .success) {
      settleDescriptors()
      let taken = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
      let deaf = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
      deaf.stop()
      let full = try Listener.open(Endpoint(host: "127.0.0.1", port: 0), backlog: 0)[0]
      var waiting: [Socket] = []
      while let one = try? Socket.connect(to: full.endpoint, limit: .milliseconds(300)) {
        waiting.append(one)
      }
      func cycle() throws {
        #expect(throws: NetworkError.self) { try Listener.open(taken.endpoint) }
        #expect(throws: NetworkError.self) {
          try Listener.open(Endpoint(host: "192.0.2.1", port: 0))
        }
        #expect(throws: NetworkError.self) { try Socket.connect(to: deaf.endpoint) }
        #expect(throws: NetworkError.self) {
          try Socket.connect(to: full.endpoint, limit: .milliseconds(1))
        }
        #expect(throws: NetworkError.self) {
          try Socket.connect(to: Endpoint(host: String(repeating: "a", count: 300), port: 1))
        }
        _ = try Socket.beginConnecting(to: deaf.endpoint)
      }
      try cycle()
      let before = descriptorCount()
      for _ in 0..<10 { try cycle() }
      #expect(descriptorCount() == before)
    }
  }

  @Test("a poller gives its descriptors back")
  func pollers() async {
    await #expect(processExitsWith: .success) {
      settleDescriptors()
      let meeting = try Meeting()
      let before = descriptorCount()
      for _ in 0..<20 {
        let poller = try Poller()
        try poller.watch(meeting.client.descriptor, .writable, key: 1, isKnown: false)
        poller.wake()
        #expect(poller.wait(limit: patience) == [1])
      }
      #expect(descriptorCount() == before)
    }
  }

  @Test("without descriptors everything fails in words, and leaves none behind (L3)")
  func none() async {
    await #expect(processExitsWith: .success) {
      settleDescriptors()
      let listener = try Listener.open(Endpoint(host: "127.0.0.1", port: 0))[0]
      let addresses = try Resolution.addresses(of: listener.endpoint, forListening: true)
      limitDescriptors(toThoseOpenAnd: 0)
      #expect(throws: SystemError(call: "epoll_create1", errno: EMFILE)) { try Poller() }
      let noSocket = SystemError(call: "socket", errno: EMFILE)
      #expect(throws: NetworkError.cannotListen(listener.endpoint, noSocket)) {
        try Listener.open(listener.endpoint, on: addresses)
      }
      DescriptorLimit.raise()
      #expect(try Poller().wait(limit: .zero) == [])
    }
  }

  @Test("a poller that gets only the first of its two descriptors gives it back, once (L3)")
  func onlyOne() async {
    await #expect(processExitsWith: .success) {
      settleDescriptors()
      limitDescriptors(toThoseOpenAnd: 1)
      let free = dup(0)
      close(free)
      for _ in 0..<3 {
        #expect(throws: SystemError(call: "eventfd", errno: EMFILE)) { try Poller() }
        // The number is free again.
        #expect(dup(0) == free)
        close(free)
      }
    }
  }

  @Test("the limit is raised as far as the system allows")
  func raising() async {
    await #expect(processExitsWith: .success) {
      settleDescriptors()
      limitDescriptors(toThoseOpenAnd: 5)
      DescriptorLimit.raise()
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      #expect(limit.rlim_cur == limit.rlim_max)
    }
  }
}
