import Glibc
import HubbubDial
import HubbubSockets
import HubbubThreads
import IRCWire
import Synchronization

/// One of the healthy, on a thread of its own: says its numbered messages, and notes all that it
/// hears.
struct Witness: ~Copyable {
  private let field: Battlefield
  private let connection: LineConnection
  private var testimony: WitnessTestimony
  private var ear: Ear
  private var outgoing: Outgoing

  /// The life of the `index`th.
  static func live(_ index: Int, _ field: Battlefield) {
    do {
      var witness = Witness(index, try enrol(index, field), field)
      field.noteArrival()
      witness.run()
      field.handOver(witness.testimony)
    } catch {
      field.handOver(WitnessTestimony(index: index, failure: "did not get in: \(error)"))
      field.noteArrival()
    }
  }

  private init(_ index: Int, _ connection: LineConnection, _ field: Battlefield) {
    self.field = field
    self.connection = connection
    testimony = WitnessTestimony(index: index)
    ear = Ear(
      run: field.run, ids: field.ids, textBytes: SiegePlan.textBytes, readsTimes: false,
      readsIDs: false, provenance: Provenance(names: [], room: SiegePlan.room),
      membership: Membership(nickname: "well-\(index)", room: SiegePlan.room), reserving: 0)
    ear.takeIn(connection.takeRest(), at: field.clock)
    outgoing = Outgoing(room: SiegePlan.room, textBytes: SiegePlan.textBytes, run: field.run)
  }

  /// Registers, and goes into the room.
  private static func enrol(_ index: Int, _ field: Battlefield) throws -> LineConnection {
    let connection = try LineConnection.open(field.plan.endpoint)
    // With echo, everyone hears the same, and one order can be compared with another as a whole.
    let registration = Registration(
      nickname: "well-\(index)", capabilities: ["echo-message"], takesSimilarNickname: true)
    _ = try registration.perform(on: connection)
    try connection.send(Message("JOIN", SiegePlan.room))
    while let message = try connection.receive(within: .seconds(60)), message.command != "366" {}
    return connection
  }

  private mutating func run() {
    let stream = connection.stream
    field.waitFor(.fighting)
    let period = Nanoseconds(1e9 / field.plan.messagesPerSecond)
    // Spread over the first period, so that they do not all speak at once.
    var due =
      field.clock.now + period * Nanoseconds(testimony.index) / Nanoseconds(field.ids.senders)
    do {
      while field.phase < .over {
        let now = field.clock.now
        if now >= due, field.phase == .fighting {
          say(due: due)
          due += period
        }
        try outgoing.send(on: stream)
        let rest = min(max(due - now, 1_000_000), 200_000_000)
        let events = POLLIN | (outgoing.isEmpty ? 0 : Int32(POLLOUT))
        guard Readiness.wait(for: stream.socket.descriptor, events, limit: .nanoseconds(rest))
        else {
          continue
        }
        if try !hear(stream) { break }
      }
    } catch {
      testimony.failure = "\(error)"
    }
    testimony.heard = ear.takeArrivals().ids
    connection.shutDown()
  }

  private mutating func say(due: Nanoseconds) {
    testimony.sent += 1
    outgoing.append(Payload(sender: testimony.index, number: testimony.sent, due: due))
    field.sent.wrappingAdd(1, ordering: .relaxed)
  }

  /// - Returns: false at the end of the connection.
  private mutating func hear(_ stream: ByteStream) throws -> Bool {
    let before = ear.arrivals.ids.count
    let isOpen = try ear.listen(to: stream, clock: field.clock)
    field.heard.wrappingAdd(ear.arrivals.ids.count - before, ordering: .relaxed)
    for line in ear.asides {
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix("PING") { outgoing.append(Array("PONG\(text.dropFirst(4))\n".utf8)) }
      if text.hasPrefix("ERROR") { testimony.failure = String(text.dropLast()) }
    }
    ear.clearAsides()
    if !isOpen, testimony.failure == nil { testimony.failure = "the connection ended" }
    return isOpen
  }
}
