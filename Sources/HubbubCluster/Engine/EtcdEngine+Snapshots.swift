/// What is kept beside the log: how all begins, and whole states.
///
/// A state is written piece by piece, and its seal last. One without a seal, or with other pieces
/// than that says, is as if it were not there.
extension EtcdEngine {
  private static let pieceBytes = 512 << 10

  /// How many whole states are kept.
  private static let statesKept = 2

  public func genesis(proposing bytes: [UInt8]) throws(EngineError) -> [UInt8] {
    let answer: EtcdTransaction.Answer = try ask(
      "/v3/kv/txn",
      EtcdTransaction(
        compare: [.creation(of: keys.genesis, is: 0)],
        success: [.put(EtcdPut(keys.genesis, bytes))],
        failure: [.read(keys.genesis)]))
    if answer.hasSucceeded { return bytes }
    guard let first = answer.found.first?.first else { throw .strange("\(address): no beginning") }
    return first.value
  }

  public func newestSnapshot(
    upTo limit: Int64
  ) throws(EngineError) -> (revision: Int64, bytes: [UInt8])? {
    var passed: Set<Int64> = []
    // Listed again each time: it may have gone because there are newer ones.
    while let revision = try states().last(where: {
      $0.isSealed && $0.revision <= limit && !passed.contains($0.revision)
    })?.revision {
      if let bytes = try state(at: revision) { return (revision, bytes) }
      passed.insert(revision)
    }
    return nil
  }

  public func store(snapshot bytes: [UInt8], at revision: Int64) throws(EngineError) {
    try delete(stateAt: revision)
    let starts = stride(from: 0, to: bytes.count, by: Self.pieceBytes)
    var count = 0
    for start in starts {
      let piece = Array(bytes[start..<min(start + Self.pieceBytes, bytes.count)])
      try put(piece, at: keys.piece(count, ofStateAt: revision))
      count += 1
    }
    let seal = EtcdSnapshotSeal(of: bytes, pieces: count)
    try put(seal.text, at: keys.seal(ofStateAt: revision))
    try deleteOldStates()
  }

  /// Keeps the newest whole ones. What is not whole and newer may be in the making.
  private func deleteOldStates() throws(EngineError) {
    let all = try states()
    var whole: [Int64] = []
    for state in all.reversed() where state.isSealed && whole.count < Self.statesKept {
      if try seal(ofStateAt: state.revision)?.pieces == state.pieces {
        whole.append(state.revision)
      }
    }
    guard let newest = whole.first else { return }
    for state in all where state.revision < newest && !whole.contains(state.revision) {
      try delete(stateAt: state.revision)
    }
  }

  /// What there is of a state.
  private struct State {
    let revision: Int64
    var pieces = 0
    var isSealed = false
  }

  /// In the order of their revisions.
  private func states() throws(EngineError) -> [State] {
    let answer: EtcdRange.Answer = try ask(
      "/v3/kv/range", EtcdRange(keys.states, isWithoutValues: true))
    var states: [State] = []
    for (revision, isSeal) in answer.found.compactMap({ keys.stateKey($0.key) }) {
      if states.last?.revision != revision { states.append(State(revision: revision)) }
      if isSeal {
        states[states.count - 1].isSealed = true
      } else {
        states[states.count - 1].pieces += 1
      }
    }
    return states
  }

  /// - Returns: nil where it is not whole.
  private func state(at revision: Int64) throws(EngineError) -> [UInt8]? {
    guard let seal = try seal(ofStateAt: revision) else { return nil }
    var bytes: [UInt8] = []
    for index in 0..<seal.pieces {
      guard let piece = try value(of: keys.piece(index, ofStateAt: revision)) else { return nil }
      bytes += piece
    }
    return EtcdSnapshotSeal(of: bytes, pieces: seal.pieces) == seal ? bytes : nil
  }

  private func seal(ofStateAt revision: Int64) throws(EngineError) -> EtcdSnapshotSeal? {
    try value(of: keys.seal(ofStateAt: revision)).flatMap { EtcdSnapshotSeal($0) }
  }

  private func value(of key: EtcdBytes) throws(EngineError) -> [UInt8]? {
    let answer: EtcdRange.Answer = try ask("/v3/kv/range", EtcdRange(key))
    return answer.found.first?.value
  }

  private func put(_ value: [UInt8], at key: EtcdBytes) throws(EngineError) {
    _ = try ask("/v3/kv/put", EtcdPut(key, value), for: EtcdNothing.self)
  }

  private func delete(stateAt revision: Int64) throws(EngineError) {
    let deletion = EtcdDeletion(keys.state(at: revision))
    _ = try ask("/v3/kv/deleterange", deletion, for: EtcdNothing.self)
  }
}
