import HubbubRooms
import HubbubWeb
import IRCWire

extension ServerFigures {
  /// Of each room this many people are shown who are worth a look.
  private static let peopleOfEachKind = 8

  /// A mean of fewer samples is chance, and would be drawn as unfairness.
  private static let samplesOfAPlace = 30

  /// What the dashboard is told.
  ///
  /// - Parameters:
  ///   - before: an earlier look, since when the rates are.
  ///   - withSecrets: whether secret rooms are shown.
  func block(
    since before: ServerFigures, withSecrets: Bool, _ hub: Hub
  ) -> DashboardBlock {
    let seconds = max(0.001, (moment - before.moment) / .seconds(1))
    func rate(_ now: UInt64, _ then: UInt64) -> Double {
      (Double(now &- min(now, then)) / seconds * 10).rounded() / 10
    }
    let server = DashboardBlock.ServerFigures(
      name: hub.serverName, version: Version.text,
      uptimeSeconds: (Timestamp.now.milliseconds - hub.startedAt.milliseconds) / 1000,
      clients: clients.map { .init(name: $0.transport, count: Int64($0.count)) },
      messagesPerSecond: rate(messages, before.messages),
      deliveriesPerSecond: rate(traffic.entries, before.traffic.entries),
      sentBytesPerSecond: rate(traffic.bytes, before.traffic.bytes), blocked: blocked,
      processorSeconds: max(0, processorSeconds - before.processorSeconds) / seconds,
      memoryBytes: memoryBytes)
    let former = Dictionary(
      before.rooms.map { (ObjectIdentifier($0.room), $0.messages) }, uniquingKeysWith: max)
    let shown = rooms.filter { withSecrets || !$0.room.isSecret }
      .map { ($0, rate($0.messages, former[ObjectIdentifier($0.room)] ?? 0)) }
      .sorted {
        ($0.1, $0.0.members.count, $1.0.room.name) > ($1.1, $1.0.members.count, $0.0.room.name)
      }
    return DashboardBlock(
      time: Timestamp.now.milliseconds, server: server,
      rooms: shown.prefix(Self.maxRooms).map { Self.figures(of: $0.0, $0.1) },
      endings: Endings.Reason.allCases.compactMap { reason in
        endings.endings[reason].map {
          DashboardBlock.Count(name: reason.rawValue, count: Int64($0))
        }
      },
      refusals: endings.refusals.sorted { $0.key < $1.key }
        .map { .init(name: $0.key, count: Int64($0.value)) },
      threads: threads.map { kind in
        let then = before.threads.first { $0.name == kind.name }?.processorSeconds ?? 0
        return .init(
          kind: kind.name, count: kind.count,
          processorSeconds: max(0, kind.processorSeconds - then) / seconds)
      })
  }

  private static func figures(
    of inside: Room.Inside, _ rate: Double
  ) -> DashboardBlock.RoomFigures {
    func microseconds(_ share: Double) -> Double? {
      inside.record.spread(atShare: share).map { ($0 / .microseconds(1)).rounded() }
    }
    return DashboardBlock.RoomFigures(
      name: inside.room.name, members: inside.members.count, messagesPerSecond: rate,
      spreadP50: microseconds(0.5), spreadP99: microseconds(0.99),
      people: people(worthALook: inside.members))
  }

  /// The most and the least favoured, and those furthest behind.
  private static func people(
    worthALook members: [Room.InsideMember]
  ) -> [DashboardBlock.MemberFigures] {
    var shown: [MemberID: Room.InsideMember] = [:]
    if members.count <= 3 * peopleOfEachKind {
      for member in members { shown[member.id] = member }
    } else {
      let byPlace = members.filter { $0.place.samples > 0 }
        .sorted { $0.place.meanPosition < $1.place.meanPosition }
      let byLag = members.sorted { $0.lagBytes > $1.lagBytes }
      let chosen =
        byPlace.prefix(peopleOfEachKind) + byPlace.suffix(peopleOfEachKind)
        + byLag.prefix(peopleOfEachKind)
      for member in chosen { shown[member.id] = member }
    }
    return shown.values.sorted { $0.id < $1.id }.map { member in
      DashboardBlock.MemberFigures(
        nickname: member.nickname,
        position: member.place.samples < samplesOfAPlace
          ? nil : (member.place.meanPosition * 1000).rounded() / 1000,
        lagBytes: Int64(member.lagBytes), isBlocked: member.isBlocked)
    }
  }
}
