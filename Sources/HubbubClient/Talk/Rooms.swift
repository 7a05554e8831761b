import IRCWire

/// The rooms and private talks that are open with one server, and which of them is the current one.
struct Rooms {
  private(set) var all: [Room] = []

  /// Index of the one on the screen, or that comes there with its server; nil when none is open.
  private(set) var currentIndex: Int?

  /// Whether it is this server's that is on the screen.
  var isOnScreen = true

  /// Index of the one that is seen; nil for none.
  var shownIndex: Int? { isOnScreen ? currentIndex : nil }

  var current: Room? { currentIndex.map { all[$0] } }

  func index(of name: String) -> Int? {
    let folded = FoldedName(name)
    return all.firstIndex { FoldedName($0.name) == folded }
  }

  subscript(name: String) -> Room? { index(of: name).map { all[$0] } }

  /// Adds a room unless it is open; it does not go onto the screen.
  mutating func open(_ room: Room) {
    if index(of: room.name) == nil { all.append(room) }
  }

  /// Lets the room at `index` be the one that comes onto the screen.
  mutating func choose(_ index: Int) { currentIndex = index }

  /// Puts the room at `index` onto the screen.
  mutating func show(_ index: Int) {
    currentIndex = index
    all[index].markSeen()
  }

  /// Closes a room; its neighbour takes its place on the screen.
  mutating func close(_ name: String) {
    guard let index = index(of: name) else { return }
    all.remove(at: index)
    guard let current = currentIndex else { return }
    if all.isEmpty {
      currentIndex = nil
    } else if index < current || current == all.count {
      currentIndex = current - 1
    }
  }

  mutating func update<Result>(_ index: Int, _ body: (inout Room) -> Result) -> Result {
    body(&all[index])
  }

  mutating func updateAll(_ body: (inout Room) -> Void) {
    for index in all.indices { body(&all[index]) }
  }

  /// The one that wants you most: mentioned and private first, then where something was said; the
  /// longest open of those that are equal.
  var mostWanted: Int? {
    let waiting = all.indices.filter { $0 != shownIndex && all[$0].unread > 0 }
    return waiting.first { all[$0].mentions > 0 } ?? waiting.first
  }

}
