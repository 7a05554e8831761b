import HubbubRooms
import HubbubThreads

/// The connections to web ports that are nobody's session (yet): limited by themselves, so that who
/// opens many and says nothing keeps nobody out of the rooms. Any thread may call any method.
final class WebVisitors: Sendable {
  /// Guards who is there. Nothing else is locked under it.
  private let state = Monitor(State())

  private struct State {
    var visitors: [MemberID: WebConnection] = [:]
    var count = 0
    var fromAddress: [String: Int] = [:]
    var isClosed = false
    var lastNumber: MemberID = 0
  }

  /// Where a connection is counted.
  struct Place: Sendable {
    /// Names its thread; no client has such an id.
    let id: MemberID

    /// nil for a proxy's, which come for many.
    let address: String?
  }

  enum Refusal: String, Error {
    case stopping = "The server is stopping."
    case full = "The server has too many visitors; try again in a moment."
    case tooManyFromAddress = "There are too many connections from your address."
  }

  /// Who is counted together: an address of IPv6 is one of many that somebody has.
  static func subscriber(at address: String) -> String {
    PasswordTurns.subscriber(address).map { "\($0)" } ?? address
  }

  /// Counts a connection in.
  ///
  /// - Parameters:
  ///   - address: a subscriber's; nil for a proxy's, which come for many.
  ///   - isLimited: whether connections from there are counted by address.
  func admit(
    from address: String?, isLimited: Bool, _ limits: Limits
  ) throws(Refusal) -> Place {
    try state.withLock { (state) throws(Refusal) in
      if state.isClosed { throw .stopping }
      if state.count >= limits.webVisitors { throw .full }
      let counted = isLimited ? address : nil
      if let counted {
        let fromThere = state.fromAddress[counted, default: 0]
        if fromThere >= limits.webVisitorsPerAddress { throw .tooManyFromAddress }
        state.fromAddress[counted] = fromThere + 1
      }
      state.count += 1
      state.lastNumber += 1
      return Place(id: Self.firstID + state.lastNumber, address: counted)
    }
  }

  /// Above all ids of clients.
  private static let firstID: MemberID = 1 << 63

  /// Knows it until `dismiss`, to end it when the server stops.
  func insert(_ visitor: WebConnection) {
    let isClosed = state.withLock { state in
      state.visitors[visitor.place.id] = visitor
      return state.isClosed
    }
    if isClosed { visitor.end() }
  }

  /// Counts a connection out: it has ended, or has become a client's.
  func dismiss(_ place: Place) {
    state.withLock { state in
      state.visitors[place.id] = nil
      state.count -= 1
      guard let address = place.address else { return }
      let left = state.fromAddress[address, default: 1] - 1
      state.fromAddress[address] = left == 0 ? nil : left
    }
  }

  var count: Int { state.withLock { $0.count } }

  /// Lets nobody in any more, and ends those who are there.
  func close() {
    let visitors = state.withLock { state in
      state.isClosed = true
      return Array(state.visitors.values)
    }
    for visitor in visitors { visitor.end() }
  }
}
