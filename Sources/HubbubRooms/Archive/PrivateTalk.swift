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
  public let keeper: any RoomKeeper
  private let epoch: [UInt8]
  private let clock: LogicalClock
  private let published: PublishedCount
  private let log: Log

  /// Guards the tail of the log, and when the last entry was. As a room's; under the registry's.
  private let lastTime: Monitor<Timestamp>

  /// - Parameters:
  ///   - number: tells it apart from rooms.
  ///   - past: where it goes on.
  init(name: String, clock: LogicalClock, number: Int, epoch: [UInt8], past: RoomPast) {
    (self.name, self.clock, self.epoch, keeper) = (name, clock, epoch, past.keeper)
    published = PublishedCount(clock: clock, number: number, last: past.firstSequence - 1)
    log = Log(firstSequence: past.firstSequence)
    lastTime = Monitor(level: .room, past.time)
    keeper.follow(LogTail(published: published, log: log))
  }

  /// Appends what one of them says; `keeper.hasNews` must follow, under no lock. Under the
  /// registry's lock, so that it stands here as it is read.
  func append(_ event: some RoomEvent, now: Timestamp) -> EventPlace {
    lastTime.withLock { last in
      last = max(last, now)
      let sequence = published.value + 1
      let stamp = clock.tick(for: published)
      let place = EventPlace(last, epoch: epoch, sequence, stamp: stamp)
      let bytes = event.encoded(as: RoomPast.rendition, place)
      bytes.withUnsafeBytes {
        _ = log.append($0, by: event.author, event.echo, stamp: stamp)
      }
      published.advance(to: sequence)
      return place
    }
  }

  /// The number of the last thing that was said.
  var last: UInt64 { published.value }

  /// Whether nothing was said since.
  func isSilent(since time: Timestamp) -> Bool { lastTime.withLock { $0 < time } }

  /// Nothing more is said in it. Under the registry's lock, once.
  func close() { keeper.close(last: published.value, at: lastTime.withLock { $0 }) }
}
