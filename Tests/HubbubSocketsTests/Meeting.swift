import Dispatch
import Glibc
import HubbubThreads

@testable import HubbubSockets

/// How long a test waits for what should happen at once.
let patience = Duration.seconds(30)

/// Two ends of one connection over the loopback.
struct Meeting {
  let listener: Listener
  let client: Socket
  let server: Socket

  init(host: String = "127.0.0.1") throws {
    listener = try Listener.open(Endpoint(host: host, port: 0))[0]
    client = try Socket.connect(to: listener.endpoint, limit: patience)
    guard let accepted = try listener.accept() else { throw Ended() }
    server = accepted
  }

  struct Ended: Error {}
}

/// A thread that gives back what its body returned or threw.
final class Errand<Result: Sendable>: Sendable {
  private let outcome = Monitor<Swift.Result<Result, any Error>?>(nil)
  private let thread: NamedThread

  init(_ body: @escaping @Sendable () throws -> Result) throws {
    thread = try NamedThread(name: "errand") { [outcome] in
      let result = Swift.Result { try body() }
      outcome.withLock { $0 = result }
      outcome.wakeAll()
    }
  }

  /// Whether the body has come to its end.
  var hasFinished: Bool { outcome.withLock { $0 != nil } }

  /// Waits for the body's end. If it does not come in time, the thread is left behind, and that is thrown.
  func finish() throws -> Result {
    guard let result = outcome.wait(upTo: patience, for: { $0 }) else {
      _ = Unmanaged.passRetained(thread)
      throw SystemError(call: "finish", errno: ETIMEDOUT)
    }
    thread.join()
    return try result.get()
  }
}

extension Socket {
  /// Closes so that the peer gets a reset and not an end.
  func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  func send(_ text: String) throws {
    try Array(text.utf8).withUnsafeBytes { raw in try sendAll(raw) }
  }

  /// What one read brought; nil where none came.
  func receiveSome(upTo count: Int = 65_536) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let received = try bytes.withUnsafeMutableBytes { raw in
      try receive(into: raw)
    }
    return received.map { Array(bytes.prefix($0)) }
  }

  /// What comes up to the end of the stream.
  func receiveAll() throws -> [UInt8] {
    var all: [UInt8] = []
    while let some = try receiveSome(), !some.isEmpty { all += some }
    return all
  }

  /// Hands the pieces over at once, as one message.
  func sendNow(_ pieces: [[UInt8]]) throws -> Int {
    func gather(_ rest: ArraySlice<[UInt8]>, _ spans: [iovec]) throws -> Int {
      guard let first = rest.first else {
        return try spans.withUnsafeBufferPointer { pointer in
          try sendNow(pointer)
        }
      }
      return try first.withUnsafeBytes { raw in
        let base = UnsafeMutableRawPointer(mutating: raw.baseAddress)
        let span = iovec(iov_base: base, iov_len: raw.count)
        return try gather(rest.dropFirst(), spans + [span])
      }
    }
    return try gather(pieces[...], [])
  }
}

/// Whether the loopback has an IPv6 address.
let hasIPv6: Bool = {
  let probe = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
  guard probe >= 0 else { return false }
  defer { close(probe) }
  var address = sockaddr_in6()
  address.sin6_family = sa_family_t(AF_INET6)
  address.sin6_addr = in6addr_loopback
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(probe, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
    }
  }
}()

/// Has Dispatch, on which Swift's tasks run, open the descriptors that it opens when it first needs them.
///
/// For tests that count descriptors or limit them, in a process of their own.
func settleDescriptors() {
  let isOver = DispatchSemaphore(value: 0)
  DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(1)) { isOver.signal() }
  isOver.wait()
}

/// How many descriptors this process has for good: the least of many looks.
///
/// A thread of the runtime that has just started has one for a moment, while the C library looks how many
/// processors there are (`/sys/devices/system/cpu/online`).
func descriptorCount() -> Int {
  (0..<50).map { _ in
    sched_yield()
    return descriptorsNow()
  }.min()!
}

private func descriptorsNow() -> Int {
  guard let folder = opendir("/proc/self/fd") else { return -1 }
  defer { closedir(folder) }
  var count = 0
  while readdir(folder) != nil { count += 1 }
  return count
}

/// Lets the process have no more descriptors than now, and `more`.
func limitDescriptors(toThoseOpenAnd more: Int) {
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  // The limit is on the number of the next one, so the holes below it are filled first.
  var last: Int32
  repeat { last = dup(0) } while last >= 0 && last < 100
  limit.rlim_cur = rlim_t(last + 1) + rlim_t(more)
  setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
