import HubbubSockets

/// Who one bot is and what it does.
struct Assignment: Sendable {
  enum Role: Sendable, Equatable {
    /// Sends as the plan says, and reads.
    case sender

    /// Reads only. The first of a room opens the windows of its senders.
    case observer(isFirst: Bool)

    /// Reads only, and stops to read halfway through.
    case stalled

    /// A sender that begins halfway through, at `factor` times the rate.
    case flooder(factor: Double)

    /// Reads, and leaves, comes back and renames itself all the while.
    case churner

    /// Reads, and leaves the room once in a while for a moment.
    case guest
  }

  let role: Role

  /// Its place among the senders; nil for those that never send.
  let sender: Int?

  private(set) var nickname: String
  let room: Int

  /// The node at which it connects, as a place in the plan's targets.
  private(set) var node = 0

  /// Whether it comes by WebSocket; its nickname says so.
  private(set) var isWeb = false

  /// Whether its hearing and its messages count where the healthy ones are compared.
  var isHealthy: Bool {
    switch role {
    case .sender, .observer: true
    case .stalled, .flooder, .churner, .guest: false
    }
  }

  /// Whether it is owed every message while it is there.
  var isOwedEverything: Bool { role != .stalled && role != .churner && role != .guest }

  private static let webPrefix = "web-"

  /// Whether this nickname is of a bot that came by WebSocket.
  static func isWeb(_ nickname: String) -> Bool { nickname.hasPrefix(webPrefix) }

  /// Everybody who takes part in `plan`: the senders first, each at the index of its messages.
  static func all(in plan: Plan) -> [Assignment] {
    var all = (0..<plan.bots).map { index in
      Assignment(
        role: .sender, sender: index, nickname: "bot-\(index)", room: plan.room(ofBot: index))
    }
    if let factor = plan.flooderFactor {
      let index = plan.bots
      all.append(
        Assignment(
          role: .flooder(factor: factor), sender: index, nickname: "flood-0",
          room: plan.room(ofBot: index)))
    }
    for room in 0..<plan.rooms {
      for index in 0..<plan.observers {
        let name = "eye-\(room * plan.observers + index)"
        all.append(
          Assignment(
            role: .observer(isFirst: index == 0), sender: nil, nickname: name, room: room))
      }
    }
    for index in 0..<plan.stalled {
      all.append(
        Assignment(
          role: .stalled, sender: nil, nickname: "stall-\(index)", room: index % plan.rooms))
    }
    if plan.hasChurn {
      all.append(Assignment(role: .churner, sender: nil, nickname: "churn-0", room: 0))
    }
    if plan.hasGuest {
      all.append(Assignment(role: .guest, sender: nil, nickname: "guest-0", room: 0))
    }
    spread(&all, over: plan.targets.count)
    if let web = plan.web { sendThroughDoor(&all, web.share) }
    return all
  }

  /// Deals everybody out over the nodes, room by room: to each node as many senders of a room as to
  /// any other, and as many readers, but for one. A room begins one node further on than the room
  /// before, so that it is not always the same node that has one more.
  private static func spread(_ all: inout [Assignment], over nodes: Int) {
    var next: [Int: Int] = [:]
    for index in all.indices {
      let room = all[index].room
      all[index].node = next[room, default: room] % nodes
      next[room, default: room] += 1
    }
  }

  private static func sendThroughDoor(_ all: inout [Assignment], _ share: WebDoor.Share) {
    /// How many of each room and kind are placed, so that as many senders and readers of it come by
    /// the one way as by the other.
    var placed: [[Int]: Int] = [:]
    for index in all.indices {
      let kind = [all[index].room, all[index].sender == nil ? 1 : 0]
      defer { placed[kind, default: 0] += 1 }
      guard share == .all || placed[kind, default: 0] % 2 == 1 else { continue }
      all[index].isWeb = true
      all[index].nickname = webPrefix + all[index].nickname
    }
  }
}
