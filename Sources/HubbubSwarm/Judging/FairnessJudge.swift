import Glibc
import HubbubThreads

/// Judges how alike the people of one room were served: M3, M4, M4b and M6.
///
/// Where several nodes share the room, those of one node are judged: it is served like its
/// neighbours, or not. Whoever is at another node may hear later because of the way there.
struct FairnessJudge {
  /// The fewest messages of the room, and of one sender, from which anybody is judged; and the
  /// fewest people of whom one can be told from the others, and who can be ranked.
  static let (leastMessages, leastOfSender) = (200, 10)
  static let (leastCompared, leastRanked) = (3, 10)

  let table: ArrivalTable

  /// The nicknames of the columns, and of all senders.
  let recipients: [String]
  let senders: [String]
  let gates: Gates

  /// The same messages as all of the room heard them, and whose are judged (nil: everybody's):
  /// where several nodes share the room, what somebody says is compared with what others say at the
  /// same node.
  private let room: ArrivalTable
  private let judged: Set<Int>?
  private let blocks: [Range<Int>]
  private var random: SplitMix64

  init(
    table: ArrivalTable, recipients: [String], senders: [String], gates: Gates,
    random: SplitMix64, room: ArrivalTable? = nil, judged: Set<Int>? = nil
  ) {
    self.table = table
    self.room = room ?? table
    self.judged = judged
    self.recipients = recipients
    self.senders = senders
    self.gates = gates
    self.random = random
    blocks = BlockTable.ranges(table.messages)
  }

  /// - Returns: nil where there is nobody or nothing to compare.
  mutating func judge(_ bias: PositionBias) -> FairnessFigures? {
    guard table.recipients > 1, !blocks.isEmpty else { return nil }
    var figures = FairnessFigures()
    addRecipients(to: &figures)
    addPlaces(bias, to: &figures)
    figures.pairs = PairPrecedence(table, gate: gates[.pairs])
    addSenders(to: &figures)
    return figures
  }

  // MARK: - Recipients

  /// M3: the latency of each recipient beside that of all.
  private mutating func addRecipients(to figures: inout FairnessFigures) {
    let count = table.recipients
    var latencies = Array(repeating: [Double](), count: count)
    for message in 0..<table.messages { note(message, in: &latencies) }
    for index in latencies.indices { latencies[index].sort() }
    let heard = latencies.indices.filter { !latencies[$0].isEmpty }
    guard heard.count > 1 else { return }
    figures.recipients = recipients.indices.map { index in
      guard !latencies[index].isEmpty else { return ServedFigures(nickname: recipients[index]) }
      return served(recipients[index], latencies[index], inBlocks: blockMedians(of: index))
    }
    let medians = heard.map { figures.recipients[$0].p50 }.sorted()
    figures.recipientMedian = medians.quantile(0.5)
    guard figures.recipientMedian > 0 else { return }
    let scores = latencyScores
    figures.latency = gate(
      .recipientLatency, figures.recipients, over: figures.recipientMedian,
      isEnough: table.messages >= Self.leastMessages && heard.count >= Self.leastCompared,
      compared: heard.count
    ) { index, random in
      scores.chance(of: index, rounds: scores.affordableRounds, using: &random)
    }
  }

  private func note(_ message: Int, in latencies: inout [[Double]]) {
    let start = table.origins[message].start
    for (index, time) in table.row(message).enumerated() where time != ArrivalTable.absent {
      latencies[index].append(Double(time - start) / 1_000)
    }
  }

  private func served(
    _ nickname: String, _ sorted: [Double], inBlocks medians: [Double]
  ) -> ServedFigures {
    var random = random.derived(sorted.count)
    let range = Bootstrap.range(ofMedian: medians, using: &random)
    let p50 = sorted.quantile(0.5)
    return ServedFigures(
      nickname: nickname, p50: p50, p99: sorted.quantile(0.99),
      least: min(range.lowerBound, p50), greatest: max(range.upperBound, p50),
      messages: sorted.count)
  }

  /// The median latency of a recipient in each block.
  private func blockMedians(of column: Int) -> [Double] {
    blocks.compactMap { block in
      let latencies = block.compactMap { message -> Double? in
        let time = table.times[message * table.recipients + column]
        guard time != ArrivalTable.absent else { return nil }
        return Double(time - table.origins[message].start) / 1_000
      }.sorted()
      return latencies.isEmpty ? nil : latencies.quantile(0.5)
    }
  }

  /// By block how far each recipient's latency is above the others', as a logarithm, so that one
  /// message that took long does not outweigh a hundred.
  private var latencyScores: BlockTable {
    var scores = BlockTable(columns: table.recipients)
    for block in blocks {
      var sums = Array(repeating: 0.0, count: table.recipients)
      for message in block {
        let start = table.origins[message].start
        let row = table.row(message).map {
          $0 == ArrivalTable.absent ? nil : Self.logarithm(Double($0 - start) / 1_000)
        }
        let present = row.compactMap(\.self)
        let mean = present.reduce(0, +) / Double(max(present.count, 1))
        for (index, value) in row.enumerated() { sums[index] += (value ?? mean) - mean }
      }
      scores.append(sums)
    }
    return scores
  }

  private static func logarithm(_ microseconds: Double) -> Double { log(max(microseconds, 1)) }

  // MARK: - Places

  /// M4: who is first and last, and W beside chance.
  private mutating func addPlaces(_ bias: PositionBias, to figures: inout FairnessFigures) {
    let count = table.recipients
    var (first, last) = (BlockTable(columns: count), BlockTable(columns: count))
    var ranks = BlockTable(columns: count)
    var ranking = RowRanking(recipients: count)
    for block in blocks {
      var sums = (Array(repeating: 0.0, count: count), Array(repeating: 0.0, count: count))
      var rankSums = Array(repeating: 0.0, count: count)
      for message in block {
        ranking.rank(table.row(message))
        for (index, rank) in ranking.ranks.enumerated() { rankSums[index] += rank }
        share(ranking.groups.first, ranking, &sums.0)
        share(ranking.groups.last, ranking, &sums.1)
      }
      first.append(sums.0)
      last.append(sums.1)
      ranks.append(rankSums)
    }
    figures.first = ends(bias.firstShares, first)
    figures.last = ends(bias.lastShares, last)
    figures.concordance = concordance(bias.concordance, ranks)
  }

  private func share(_ group: Range<Int>?, _ ranking: RowRanking, _ sums: inout [Double]) {
    guard let group else { return }
    for recipient in ranking.order[group] { sums[recipient] += 1 / Double(group.count) }
  }

  private mutating func ends(_ shares: [Double], _ counts: BlockTable) -> GateFigures? {
    let served = recipients.indices.map { index in
      let sizes = blocks.map { Double($0.count) }
      let perBlock = zip(0..<counts.blocks, sizes).map { block, size in
        counts.values[block * counts.columns + index] / size
      }
      let mean = shares[index]
      // The standard error of the mean over blocks, twice to either side.
      let squares = perBlock.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = (squares / Double(max(perBlock.count * (perBlock.count - 1), 1))).squareRoot()
      return ServedFigures(
        nickname: recipients[index], p50: mean, p99: mean, least: max(mean - 2 * error, 0),
        greatest: mean + 2 * error, messages: table.messages)
    }
    return gate(
      .ends, served, over: 1 / Double(recipients.count), isEnough: isRankable,
      compared: recipients.count
    ) { index, random in
      counts.chance(of: index, rounds: counts.affordableRounds, using: &random)
    }
  }

  private var isRankable: Bool {
    table.messages >= Self.leastMessages && table.recipients >= Self.leastRanked
  }

  private mutating func concordance(_ value: Double, _ ranks: BlockTable) -> ConcordanceFigures {
    let (count, people) = (Double(table.messages), Double(table.recipients))
    let mean = count * (people + 1) / 2
    let whole = count * count * (people * people * people - people)
    let chance = ranks.byChance(rounds: 199, using: &random) { sums in
      12 * sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / whole
    }
    return ConcordanceFigures(
      threshold: gates[.concordance], value: value, chanceMedian: chance.quantile(0.5),
      chanceMost: chance.quantile(0.99), messages: table.messages, compared: table.recipients,
      isEnough: isRankable)
  }

  // MARK: - Senders

  /// M6: how long each sender's messages took, beside those of all; and how long it waited for its
  /// own.
  private mutating func addSenders(to figures: inout FairnessFigures) {
    var said: [Int: [Said]] = [:]
    for message in 0..<table.messages {
      let origin = table.origins[message]
      guard judged?.contains(origin.sender) ?? true else { continue }
      let others = room.latencies(message).sorted()
      guard !others.isEmpty else { continue }
      said[origin.sender, default: []].append(
        Said(message: message, latency: others.quantile(0.5), echo: echo(message)))
    }
    let heard = said.keys.sorted().filter { said[$0]!.count >= Self.leastOfSender }
    figures.senders = said.keys.sorted().map { sender in
      let latencies = said[sender]!.map(\.latency)
      return served(senders[sender], latencies.sorted(), inBlocks: Self.inFives(latencies))
    }
    let judged = figures.senders.filter { $0.messages >= Self.leastOfSender }
    figures.senderMedian = judged.map(\.p50).sorted().middle
    guard figures.senderMedian > 0 else { return }
    let isEnough = table.messages >= Self.leastMessages && judged.count >= Self.leastCompared
    let all = said.values.flatMap(\.self).sorted { $0.message < $1.message }
    let lot = SenderLot(
      all.map { (table.origins[$0.message].sender, Self.logarithm($0.latency)) })
    figures.senderLatency = gate(
      .senderLatency, judged, over: figures.senderMedian, isEnough: isEnough,
      compared: judged.count
    ) { index, random in lot.chance(of: heard[index], using: &random) }
    addEcho(heard.map { (senders[$0], said[$0]!.compactMap(\.echo)) }, to: &figures)
  }

  /// What is known of one message as its sender's.
  private struct Said {
    var message: Int

    /// The median over all who heard it, in microseconds.
    var latency: Double

    /// How much longer than the median of the others its sender waited for it, as a multiple.
    var echo: Double?
  }

  private func echo(_ message: Int) -> Double? {
    let origin = table.origins[message]
    guard let column = origin.column else { return nil }
    let row = Array(table.row(message))
    guard row[column] != ArrivalTable.absent else { return nil }
    var others = row
    others.remove(at: column)
    let sorted = others.filter { $0 != ArrivalTable.absent }.map { Double($0 - origin.start) }
      .sorted()
    guard !sorted.isEmpty else { return nil }
    return Double(row[column] - origin.start) / max(sorted.quantile(0.5), 1_000)
  }

  /// The medians of stretches of five values.
  private static func inFives(_ values: [Double]) -> [Double] {
    stride(from: 0, to: values.count, by: 5).map {
      values[$0..<min($0 + 5, values.count)].sorted().quantile(0.5)
    }
  }

  private mutating func addEcho(
    _ echoes: [(nickname: String, ratios: [Double])], to figures: inout FairnessFigures
  ) {
    let judged = echoes.filter { $0.ratios.count >= Self.leastOfSender }
    guard !judged.isEmpty else { return }
    let served = judged.map { echo in
      self.served(echo.nickname, echo.ratios.sorted(), inBlocks: Self.inFives(echo.ratios))
    }
    figures.echoMedian = served.map(\.p50).sorted().middle
    figures.echo = gate(
      .echo, served, over: 1, isEnough: table.messages >= Self.leastMessages,
      compared: judged.count
    ) { index, _ in
      // A fair server's echo is as often the earlier one as the later one: the sign test, times
      // the number of senders.
      let ratios = judged[index].ratios
      let later = ratios.count { $0 > 1 }
      return min(1, Binomial.upperTail(later, of: ratios.count) * Double(judged.count))
    }
  }

  // MARK: -

  /// Compares each with `usual`, and asks chance about those beyond the threshold.
  private mutating func gate(
    _ name: Gates.Name, _ served: [ServedFigures], over usual: Double, isEnough: Bool,
    compared: Int, chance: (Int, inout SplitMix64) -> Double
  ) -> GateFigures? {
    guard let worst = served.indices.max(by: { served[$0].p50 < served[$1].p50 }) else {
      return nil
    }
    let threshold = gates[name]
    var figures = GateFigures(
      threshold: threshold, value: served[worst].p50 / usual, worst: served[worst].nickname,
      least: served[worst].least / usual, greatest: served[worst].greatest / usual,
      messages: table.messages, compared: compared, isEnough: isEnough)
    let beyond = served.indices.filter { served[$0].p50 / usual > threshold }
      .sorted { served[$0].p50 > served[$1].p50 }
    // The worst are asked for; where there are many, the others are as those are.
    for index in beyond.prefix(Self.mostSuspects) {
      figures.suspects.append(
        Suspect(
          nickname: served[index].nickname, value: served[index].p50 / usual,
          least: served[index].least / usual, greatest: served[index].greatest / usual,
          chance: isEnough ? chance(index, &random) : 1))
    }
    return figures
  }

  private static let mostSuspects = 5
}
