import Glibc
import HubbubCluster
import HubbubLog
import HubbubRooms
import HubbubThreads

/// What the server does, at one moment: read by `/metrics` and the dashboard. Everything is counted
/// where it happens, and added up here. A value.
struct ServerFigures: Sendable {
  let moment = ContinuousClock.now
  let messages: UInt64
  let traffic: Traffic

  /// Connections by how they came.
  let clients: [(transport: String, count: Int)]
  let registered: Int
  let roomCount: Int

  /// Those in which something was said, and where these are few some others.
  let rooms: [Room.Inside]

  /// Connections that take nothing at present, and how far behind the furthest is.
  let blocked: Int
  let maxLagBytes: Int
  let endings: Endings.Counts
  let threads: [ThreadCensus.Kind]
  let passwordsWrong: Int
  let processorSeconds: Double
  let memoryBytes: Int64

  /// How it is in its network; nil where it is alone.
  let network: NodeStatus?

  /// Looks at everything; takes a few steps for each client. Any thread, under no lock.
  init(_ hub: Hub) {
    let (all, traffic) = hub.clients.census
    var counts = ["tcp": 0, "tls": 0, "web": 0, "terminal": 0]
    var (blocked, lag) = (0, 0)
    for client in all {
      counts[Self.transport(of: client), default: 0] += 1
      // Who takes what it is offered is never behind for longer than a moment.
      guard client.outbox.isFull else { continue }
      blocked += 1
      lag = max(lag, client.outbox.lagBytes)
    }
    (self.traffic, self.blocked, maxLagBytes) = (traffic, blocked, lag)
    clients = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    registered = hub.clients.population.registered
    messages = hub.registry.messages
    let everyRoom = hub.registry.rooms
    roomCount = everyRoom.count
    rooms = Self.worthALook(everyRoom).map { $0.inside() }
    endings = hub.endings.totals
    threads = ThreadCensus.kinds
    passwordsWrong = hub.passwords.wrongCount
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    processorSeconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    memoryBytes = Self.residentBytes
    network = hub.cluster?.node.status
  }

  /// Looking inside takes a step for everybody there: not of thousands of rooms in which nobody
  /// says anything.
  private static func worthALook(_ rooms: [Room]) -> [Room] {
    let spoken = rooms.filter { $0.messages > 0 }
    guard spoken.count < maxRooms else { return spoken }
    let quiet = rooms.lazy.filter { $0.messages == 0 }
    return spoken + quiet.prefix(maxRooms - spoken.count)
  }

  /// The dashboard shows this many rooms, the busiest first.
  static let maxRooms = 20

  private static func transport(of client: Client) -> String {
    if client.frames != nil { return "web" }
    if client.connectionKind.isTerminal { return "terminal" }
    return client.connection.isSecure ? "tls" : "tcp"
  }

  /// The memory that the process has at present (proc(5), `statm`); 0 where that is not told.
  private static var residentBytes: Int64 {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let words = String(
      decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self
    )
    .split(separator: " ")
    return words.count > 1 ? (Int64(words[1]) ?? 0) * Int64(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}
