import CLinux
import Glibc

/// Whether a reader that stopped to read is really full, so that the server has to keep what is for
/// it: only then is it tested what that costs the others. The coordinator's alone.
///
/// What was said since it stopped lies in its own kernel buffer, in the server's, or in the server
/// itself. The first is asked for at the socket, the second stands in /proc/net/tcp where the
/// server is on this machine. What is in neither of them the server keeps.
///
/// The talk of the room alone may take minutes to fill the kernel's buffers; so a filler helps
/// until the first reader is full, and what counts as tested comes after that.
struct StalledWatch {
  /// What the server must keep before the reader counts as full: beyond what is on its way and what
  /// the two looks differ by.
  static let leastKept = 16 * 1024

  /// Where the server's buffer cannot be seen, it is taken for as large as it may get.
  private static let greatestBuffer = 8 * 1024 * 1024

  /// How long the sending goes on for a reader to get full.
  static let longest: Nanoseconds = 60 * .perSecond

  /// How long one look goes on filling.
  private static let turn: Nanoseconds = .perSecond / 50

  private let stage: Stage
  private let halfway: Nanoseconds

  /// Nil where the sending does not go on until a reader is full, or no filler was let in.
  private var filler: StalledFiller?

  /// Of each stalled reader: its index, the bytes that its room's first observer had when it
  /// stopped, and when it was full.
  private var readers: [Reader]

  private struct Reader {
    let index: Int
    let observer: Int?
    var bytesBefore: Int?
    var fullAt: Nanoseconds?

    /// Whether its connection was seen in the kernel's list, and when the server had closed it.
    var wasSeen = false
    var endedAt: Nanoseconds?

    /// When there was something to test: the server had to keep something for it, or ended it.
    var testedAt: Nanoseconds? { [fullAt, endedAt].compactMap(\.self).min() }
  }

  /// - Parameter beginning: of the schedule.
  init(_ stage: Stage, filler: StalledFiller?, beginning: Nanoseconds) {
    self.stage = stage
    self.filler = filler
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
  var isAwaited: Bool { stage.plan.fillsStalled && !readers.isEmpty && testedAt == nil }

  /// When the first reader was full, or gone; nil: none was.
  var testedAt: Nanoseconds? { readers.compactMap(\.testedAt).min() }

  /// For each reader how many seconds after it stopped it was full; nil: it never was.
  var fullAfter: [Double?] {
    readers.map { reader in reader.fullAt.map { ($0 - halfway).seconds } }
  }

  /// Looks at all of them, and fills them while none is full.
  mutating func look() {
    filler?.tend()
    guard stage.clock.now > halfway else { return }
    let limit = stage.clock.now + Self.turn
    repeat {
      for place in readers.indices where readers[place].testedAt == nil { look(at: place) }
    } while fill() && stage.clock.now < limit
  }

  /// Ends the filler's connection.
  func close() { filler?.leave() }

  /// Gives each reader the next batch, where the server has dealt with the one before.
  ///
  /// - Returns: whether it is worth while to look again at once.
  private mutating func fill() -> Bool {
    guard isAwaited, filler != nil else { return false }
    let stopped = readers.filter { $0.bytesBefore != nil }
    // The one that was given least is next: the server deals with one batch at a time.
    let next = stopped.map { stage.assignments[$0.index].nickname }
      .min { filler!.given[$0, default: 0] < filler!.given[$1, default: 0] }
    guard let next else { return false }
    _ = filler!.fill(next)
    return true
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
    let nickname = stage.assignments[reader.index].nickname
    let given = heard - before + (filler?.given[nickname] ?? 0)
    let isAbsent = filler?.absent.contains(nickname) == true && filler?.given[nickname] != nil
    let socket = Int32(stage.gauges[reader.index].socket.load(ordering: .relaxed))
    guard socket >= 0 else { return }
    let peer = PeerBuffer.look(atPeerOf: socket)
    if peer != nil { readers[place].wasSeen = true }
    let isClosed = readers[place].wasSeen && peer?.isOpen != true
    if isClosed || isAbsent || stage.gauges[reader.index].isEnded.load(ordering: .relaxed) {
      readers[place].endedAt = stage.clock.now
      return
    }
    var own: Int32 = 0
    guard given > Self.leastKept, ioctl(socket, UInt(FIONREAD), &own) == 0 else { return }
    if given - Int(own) - (peer?.bytes ?? Self.greatestBuffer) > Self.leastKept {
      readers[place].fullAt = stage.clock.now
    }
  }
}
