import HubbubLog
import HubbubThreads
import IRCWire

/// What two accounts say to each other, where that is remembered: one order, whatever they were
/// called, and a log that nobody reads but what remembers it. Any thread may call any method.
///
/// Those who hear it have copies of their own; with its place here a message has its id and time.
public final class PrivateTalk: Sendable {
  /// As what remembers it calls it.
  let name: String

  /// Which of the rooms and talks that were ever made it is.
  let number: Int

  /// nil where there is too much to remember.
  public let keeper: (any RoomKeeper)?

  /// As a room's.
  let origin: String?
  private let epoch: [UInt8]
  private let clock: LogicalClock
  private let published: PublishedCount
  private let log: Log

  /// Guards the tail of the log, and when the last entry was. As a room's; under the registry's.
  private let time: Monitor<Timestamp>

  /// - Parameters:
  ///   - number: tells it apart from rooms.
  ///   - past, place: as a room's.
  ///   - lastTime: of its last entry, where it was there before.
  init(
    name: String, clock: LogicalClock, number: Int, epoch: [UInt8], past: RoomPast?,
    place: RoomPlace? = nil, lastTime: Timestamp? = nil
  ) {
    (self.name, self.clock, self.epoch, self.number) = (name, clock, epoch, number)
    (keeper, origin) = (past?.keeper, place?.origin)
    let last = place?.last ?? past.map { $0.firstSequence - 1 } ?? 0
    published = PublishedCount(clock: clock, number: number, last: last)
    log = Log(firstSequence: last + 1)
    let start = lastTime ?? (place == nil ? past?.time : nil) ?? Timestamp(milliseconds: 0)
    time = Monitor(level: .room, start)
    keeper?.follow(LogTail(published: published, log: log))
  }

  /// Appends what one of them says; `keeper.hasNews` must follow, under no lock. Under the
  /// registry's lock, so that it stands here as it is read.
  func append(_ event: some RoomEvent, now: Timestamp) -> EventPlace {
    time.withLock { last in
      last = max(last, now)
      let sequence = published.value + 1
      let stamp = clock.tick(for: published)
      let place = EventPlace(last, epoch: epoch, sequence, stamp: stamp)
      if keeper != nil {
        let bytes = event.encoded(as: RoomPast.rendition, place)
        bytes.withUnsafeBytes {
          _ = log.append($0, by: event.author, event.echo, stamp: stamp)
        }
      }
      published.advance(to: sequence)
      return place
    }
  }

  /// The number of the last thing that was said.
  var last: UInt64 { published.value }

  /// Where it goes on, in a network; nil elsewhere.
  var place: RoomPlace? { origin.map { RoomPlace(origin: $0, last: last) } }

  /// When that was.
  var lastTime: Timestamp { time.withLock { $0 } }

  /// Whether nothing was said since.
  func isSilent(since time: Timestamp) -> Bool { lastTime < time }

  /// Nothing more is said in it. Under the registry's lock, once.
  func close() { keeper?.close(last: published.value, at: lastTime) }
}
