import IRCWire

/// What a stretch of comings and goings comes to for each person.
struct PresenceStretch {
  /// One person, under whatever name.
  private struct Person {
    var name: String
    let firstName: String
    let wasHere: Bool
    var isHere: Bool
    var hasMoved = false

    /// The number of the last change.
    var last = 0

    func isCalled(_ name: String) -> Bool { FoldedName(self.name) == FoldedName(name) }
  }

  /// In the order in which they are to be grouped.
  private enum Outcome: String {
    case joined
    case left
    case blinked = "left and came back"
    case visited = "looked in"
    case renamed = "is now"
  }

  private var people: [Person] = []
  private var count = 0

  mutating func add(_ change: Presence.Change) {
    count += 1
    switch change {
    case .joined(let name): move(name, isHere: true)
    case .left(let name, _): move(name, isHere: false)
    case .renamed(let old, let new):
      if !people.contains(where: { $0.isHere && $0.isCalled(old) }) {
        people.append(Person(name: old, firstName: old, wasHere: true, isHere: true))
      }
      let index = people.lastIndex { $0.isHere && $0.isCalled(old) }!
      people[index].name = new
      people[index].last = count
    }
  }

  private mutating func move(_ name: String, isHere: Bool) {
    if !people.contains(where: { $0.isHere != isHere && $0.isCalled(name) }) {
      people.append(Person(name: name, firstName: name, wasHere: !isHere, isHere: !isHere))
    }
    let index = people.lastIndex { $0.isHere != isHere && $0.isCalled(name) }!
    people[index].isHere = isHere
    people[index].hasMoved = true
    people[index].last = count
  }

  var sentence: String {
    var order: [Outcome] = []
    var names: [Outcome: [String]] = [:]
    for person in people.sorted(by: { $0.last < $1.last }) {
      let outcome = Self.outcome(person)
      if names[outcome] == nil { order.append(outcome) }
      names[outcome, default: []].append(Self.name(person, outcome))
    }
    return order.map { outcome in
      let list = Sentence.names(names[outcome]!)
      return outcome == .renamed ? list : "\(list) \(outcome.rawValue)"
    }.joined(separator: "; ")
  }

  private static func outcome(_ person: Person) -> Outcome {
    switch (person.wasHere, person.isHere) {
    case (false, true): .joined
    case (true, false): .left
    case (false, false): .visited
    case (true, true): person.hasMoved ? .blinked : .renamed
    }
  }

  private static func name(_ person: Person, _ outcome: Outcome) -> String {
    let (now, first) = (SafeText.clean(person.name), SafeText.clean(person.firstName))
    if outcome == .renamed {
      return now == first ? "\(now) has the old name again" : "\(first) is now \(now)"
    }
    return now == first ? now : "\(now) (first \(first))"
  }
}
