/// Judges who had to wait while others had not (M8), room by room.
struct WaitJudge {
  /// The fewest senders, or recipients, of whom one can be told from the others.
  static let leastCompared = 3

  /// However short the periods, less than this is no starvation.
  static let leastWait: Nanoseconds = 250_000_000

  /// How many of a room say when a message was heard: whoever was first counts, so that one of them
  /// who is late himself does not make it late.
  static let witnesses = 3

  let evidence: Evidence
  let table: MessageTable
  private var waits: [(nickname: String, isSender: Bool, wait: Starvation.Wait, period: Double)] =
    []
  private(set) var bySender: [Int: Starvation.Wait] = [:]
  private var stalls: [Range<Nanoseconds>] = []

  init(evidence: Evidence, table: MessageTable) {
    self.evidence = evidence
    self.table = table
  }

  mutating func judge(room: Int, _ present: [Testimony]) {
    let staying = present.filter { $0.isUninterrupted && $0.assignment.isHealthy }
    let heard = firstHeard(staying)
    let senders = table.rooms.indices.filter { table.rooms[$0] == room }
    var passages: [[Silence.Passage]] = Array(repeating: [], count: table.rooms.count)
    for (message, time) in heard.enumerated() where time < .max {
      let sender = Int(table.sender[message])
      passages[sender].append(
        .init(
          sender: sender, due: table.due[message], started: table.started[message], heard: time))
    }
    let silence = Silence(passages.flatMap(\.self))
    stalls += silence.stalls
    let period = meanPeriod(senders)
    for testimony in present {
      let me = testimony.assignment
      guard let sender = me.sender, testimony.isUninterrupted else { continue }
      guard let wait = silence.longestExcess(passages[sender].sorted { $0.heard < $1.heard })
      else { continue }
      bySender[sender] = wait
      if me.isHealthy { waits.append((me.nickname, true, wait, period)) }
    }
    for testimony in staying {
      guard let wait = silence.longestExcess(heardBy(testimony)) else { continue }
      waits.append((testimony.assignment.nickname, false, wait, period))
    }
  }

  func add(to outcome: inout Outcome) {
    outcome.starvation.periodMilliseconds = (waits.first?.period ?? 0) / 1e6
    outcome.starvation.senderWait = gate(isSender: true)
    outcome.starvation.recipientWait = gate(isSender: false)
    let all = stalls.sorted { $0.lowerBound < $1.lowerBound }
    outcome.starvation.stallCount = all.count
    outcome.starvation.stalls = all.prefix(100).map {
      StallFigures(
        second: ($0.lowerBound - evidence.beginning).seconds,
        milliseconds: Double($0.upperBound - $0.lowerBound) / 1e6)
    }
  }

  private func gate(isSender: Bool) -> GateFigures? {
    let threshold = evidence.plan.gates[.wait]
    let judged = waits.filter { $0.isSender == isSender && $0.period > 0 }
      .map {
        (nickname: $0.nickname, wait: $0.wait.length, periods: Double($0.wait.length) / $0.period)
      }
      .sorted { $0.periods > $1.periods }
    guard let worst = judged.first else { return nil }
    var figures = GateFigures(
      threshold: threshold, value: worst.periods, worst: worst.nickname, least: worst.periods,
      greatest: worst.periods, messages: table.count, compared: judged.count,
      isEnough: judged.count >= Self.leastCompared)
    figures.suspects = judged.filter { $0.periods > threshold && $0.wait >= Self.leastWait }
      .prefix(5).map {
        // A wait is seen, not estimated.
        Suspect(
          nickname: $0.nickname, value: $0.periods, least: $0.periods, greatest: $0.periods,
          chance: 0)
      }
    return figures
  }

  /// For each message when the first witness heard it; `.max`: none did.
  private func firstHeard(_ staying: [Testimony]) -> [Nanoseconds] {
    var heard = Array(repeating: Nanoseconds.max, count: table.count)
    let observers = staying.filter { $0.assignment.sender == nil }
    let others = staying.filter { $0.assignment.sender != nil }
    for testimony in (observers + others).prefix(Self.witnesses) {
      testimony.arrivals.visit { id, time in
        guard let message = table.index(of: id) else { return }
        heard[message] = min(heard[message], time)
      }
    }
    return heard
  }

  private func heardBy(_ testimony: Testimony) -> [Silence.Passage] {
    var passages: [Silence.Passage] = []
    passages.reserveCapacity(testimony.arrivals.ids.count)
    testimony.arrivals.visit { id, time in
      guard let message = table.index(of: id) else { return }
      passages.append(
        .init(
          sender: Int(table.sender[message]), due: table.due[message],
          started: table.started[message], heard: time))
    }
    return passages
  }

  /// A sender's time between two messages, in nanoseconds.
  private func meanPeriod(_ senders: [Int]) -> Double {
    let all = senders.map { table.messages(of: $0) }.filter { $0.count > 1 }
    guard !all.isEmpty else { return 0 }
    let periods = all.map {
      Double(table.written[$0.last!] - table.written[$0.first!]) / Double($0.count - 1)
    }
    return periods.reduce(0, +) / Double(periods.count)
  }
}
