import HubbubThreads
import IRCWire
import Synchronization

/// A named room: who is here, and the log they all read. Any thread may call any method.
///
/// Nothing here waits for a connection: an event is appended under the room's lock, and the thread that
/// appended it calls `deliver()` afterwards, when it holds no lock.
public final class Room: Sendable {
  /// As the first who joined wrote it.
  public let name: String
  public let createdAt: Timestamp

  /// Says which life of the name this is: message ids begin with it and never come again.
  let epoch: [UInt8]

  let published = PublishedCount()

  /// Watches some of the broadcasts.
  let sampler = FanOutSampler()

  /// Guards the roster, the modes, the topic and the tails of the logs. Level 2.
  let state: Monitor<State>

  /// Set under the room's lock when a log began a new chunk, taken by whoever delivers next: the moment to
  /// look for readers that fell behind. Relaxed: a moment later does as well.
  private let wantsLagCheck = Atomic<Bool>(false)

  private let rotatesStart: Bool

  struct State {
    var roster = Roster()
    var logs: [LogInUse] = []
    var topic: Topic?
    var modes = RoomModes()
    var invited: Set<MemberID> = []

    /// The time of the last event: the clock may jump back, a room's time does not.
    var lastTime = Timestamp(milliseconds: 0)

    /// Whose turn it is to be delivered to first.
    var start = 0
  }

  /// A log, and how many members read it.
  struct LogInUse {
    let log: RoomLog
    var readers: Int
  }

  /// - Parameter rotatesStart: whether the one who is delivered to first changes from time to time. False
  ///   only to show what that is good for.
  init(name: String, epoch: [UInt8], createdAt: Timestamp, rotatesStart: Bool) {
    self.name = name
    self.epoch = epoch
    self.createdAt = createdAt
    self.rotatesStart = rotatesStart
    state = Monitor(level: .room, State())
  }

  /// Publishes what somebody says.
  ///
  /// Its place in the log is its place for everyone. Deliver afterwards.
  public func speak(_ event: Event, now: Timestamp) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in
      let seat = state.roster[event.author]
      // An empty room is over, though somebody may still know it; its name may belong to another by now.
      if state.roster.isEmpty { throw .cannotSpeak }
      if state.modes.isClosedToOutside, seat == nil { throw .cannotSpeak }
      if state.modes.isModerated, seat?.standing.isEmpty ?? true { throw .cannotSpeak }
      append(event, now: now, &state)
    }
  }

  /// Delivers to everyone here what they have not read yet; without holding any lock. Call it after every
  /// change; several changes may share one call.
  public func deliver() {
    let (seats, start) = state.withLock { state in
      if rotatesStart { state.start &+= 1 }
      return (state.roster.seats, state.start)
    }
    let checksLag = wantsLagCheck.exchange(false, ordering: .relaxed)
    var index = seats.isEmpty ? 0 : start % seats.count
    for _ in 0..<seats.count {
      let outbox = seats[index].member.outbox
      outbox.deliver()
      if checksLag { outbox.endIfLagging() }
      index += 1
      if index == seats.count { index = 0 }
    }
  }

  /// Appends an event to every log. Under the room's lock.
  ///
  /// - Parameter crossing: the number of an event of several rooms, 0 for others.
  func append(_ event: Event, now: Timestamp, crossing: UInt64 = 0, _ state: inout State) {
    let sequence = published.value + 1
    let time = max(state.lastTime, now)
    state.lastTime = time
    let hasReaders = state.logs.contains { $0.log.rendition.showsIDs }
    let id = hasReaders ? messageID(sequence) : []
    let entry = Chunk.Entry(end: 0, echo: event.echo, author: event.author, crossing: crossing)
    for use in state.logs {
      let isNewChunk = use.log.append(entry) { rendition, bytes in
        event.append(to: &bytes, as: rendition, time: time, id: id)
      }
      if isNewChunk { wantsLagCheck.store(true, ordering: .relaxed) }
    }
    sampler.consider(sequence, author: event.author, at: time)
    published.advance(to: sequence)
  }

  /// The room's epoch and the sequence number.
  private func messageID(_ sequence: UInt64) -> [UInt8] {
    var id = epoch
    id.append(UInt8(ascii: "-"))
    id.append(contentsOf: String(sequence).utf8)
    return id
  }
}
