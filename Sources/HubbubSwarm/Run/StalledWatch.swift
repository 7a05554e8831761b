import CLinux
import Glibc

/// Whether a reader that stopped to read is really full, so that the server has to keep what is for
/// it: only then is it tested what that costs the others. The coordinator's alone.
///
/// What was said since it stopped lies in its own kernel buffer, in the server's, or in the server
/// itself. The first is asked for at the socket, the second stands in /proc/net/tcp where the server
/// is on this machine. What is in neither of them the server keeps.
struct StalledWatch {
  /// What the server must keep before the reader counts as full: beyond what is on its way and what
  /// the two looks differ by.
  static let leastKept = 16 * 1024

  /// Where the server's buffer cannot be seen, it is taken for as large as it may get.
  private static let greatestBuffer = 8 * 1024 * 1024

  /// How long the sending goes on for a reader to get full.
  static let longest: Nanoseconds = 60 * .perSecond

  private let stage: Stage
  private let halfway: Nanoseconds

  /// Of each stalled reader: its index, the bytes that its room's first observer had when it
  /// stopped, and when it was full.
  private var readers: [Reader]

  private struct Reader {
    let index: Int
    let observer: Int?
    var bytesBefore: Int?
    var fullAt: Nanoseconds?
  }

  /// - Parameter beginning: of the schedule.
  init(_ stage: Stage, beginning: Nanoseconds) {
    self.stage = stage
    halfway = beginning + stage.plan.halfway
    let all = stage.assignments
    readers = all.indices.filter { all[$0].role == .stalled }.map { index in
      let observer = all.firstIndex {
        $0.role == .observer(isFirst: true) && $0.room == all[index].room
      }
      return Reader(index: index, observer: observer)
    }
  }

  /// Whether there is a reader to wait for, and none is full or gone.
  var isAwaited: Bool {
    stage.plan.fillsStalled && !readers.isEmpty
      && !readers.contains { reader in
        reader.fullAt != nil || stage.gauges[reader.index].isEnded.load(ordering: .relaxed)
      }
  }

  /// For each reader how many seconds after it stopped it was full; nil: it never was.
  var fullAfter: [Double?] {
    readers.map { reader in reader.fullAt.map { ($0 - halfway).seconds } }
  }

  /// Looks at all of them.
  mutating func look() {
    guard stage.clock.now > halfway else { return }
    for place in readers.indices where readers[place].fullAt == nil { look(at: place) }
  }

  private mutating func look(at place: Int) {
    let reader = readers[place]
    guard let observer = reader.observer else { return }
    let heard = stage.gauges[observer].bytes.load(ordering: .relaxed)
    guard let before = reader.bytesBefore else {
      if stage.gauges[reader.index].isDeaf.load(ordering: .relaxed) {
        readers[place].bytesBefore = heard
      }
      return
    }
    let socket = Int32(stage.gauges[reader.index].socket.load(ordering: .relaxed))
    guard socket >= 0, heard - before > Self.leastKept else { return }
    var own: Int32 = 0
    guard ioctl(socket, UInt(FIONREAD), &own) == 0 else { return }
    let others = PeerBuffer.bytes(ofPeer: socket) ?? Self.greatestBuffer
    if heard - before - Int(own) - others > Self.leastKept {
      readers[place].fullAt = stage.clock.now
    }
  }
}
