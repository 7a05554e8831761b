/// What keeps a network's one log, and says who is a member of the network. Any thread may call any
/// method; each waits for the engine, and for nobody else.
///
/// The contract, which everything rests on that nodes agree on:
///
/// 1. All entries have one order, the same for whoever follows: that of their revisions.
/// 2. A batch is appended once, or not at all, however often it is tried again.
/// 3. Nothing of a node is appended once its tenure is over, and when that is has a place among the
///    entries: `.left`.
public protocol Engine: AnyObject, Sendable {
  /// What all nodes of the network begin with: the proposal of whoever asks first, for good.
  func genesis(proposing bytes: [UInt8]) throws(EngineError) -> [UInt8]

  /// Who is a member now, with what each says of itself, in the order of their numbers.
  func members() throws(EngineError) -> [(node: NodeID, card: [UInt8])]

  /// Makes a node a member for as long as it is kept alive.
  ///
  /// - Parameters:
  ///   - card: what it says of itself.
  ///   - life: how long it stays a member without a word; whole seconds.
  /// - Throws: `.taken` where the number belongs to a member.
  func enter(_ node: NodeID, card: [UInt8], life: Duration) throws(EngineError) -> Tenure

  /// Says that a node lives.
  ///
  /// - Throws: `.over` where its tenure has ended.
  func keepAlive(_ tenure: Tenure) throws(EngineError)

  /// Ends a tenure at once, whoever's it was; nothing where it has ended.
  ///
  /// - Parameter lease: see `Tenure.lease`.
  func end(lease: Int64) throws(EngineError)

  /// Appends a node's next batch, unless that has been done. May be tried again after any error but
  /// `.over`, with the same batch and number.
  ///
  /// - Parameter number: of the batch among all that the node has ever appended, from 1.
  /// - Returns: the batch's revision; nil where it had been appended before.
  /// - Throws: `.over` where the tenure has ended: then it is not appended, and never will be.
  func append(
    _ batch: [UInt8], number: UInt64, in tenure: Tenure
  ) throws(EngineError) -> Int64?

  /// Reads what has a revision above `revision`, and goes on with what comes.
  ///
  /// - Parameters:
  ///   - patience: how long nothing may come before it is given up.
  ///   - body: is given all entries of one or several revisions, in order; false to end.
  /// - Throws: `.compacted` where some of it is gone, `.silent` where nothing came; what `stop`
  ///   ends it with is `.stopped`.
  func follow(
    after revision: Int64, patience: Duration, _ body: ([LogEntry]) -> Bool
  ) throws(EngineError)

  /// The newest whole state that is kept, of those at this revision or an earlier one; nil where
  /// there is none.
  func newestSnapshot(
    upTo revision: Int64
  ) throws(EngineError) -> (revision: Int64, bytes: [UInt8])?

  /// Keeps a state, and of the former ones the newest alone.
  ///
  /// - Parameter revision: of the last entry that is in it.
  func store(snapshot bytes: [UInt8], at revision: Int64) throws(EngineError)

  /// Forgets what came before an entry, which must be a batch's: that is what nobody will read.
  func compact(to revision: Int64) throws(EngineError)

  /// Ends all calls, now and later, with `.stopped`.
  func stop()

  /// What it is, and with which of its servers it speaks, for people.
  var address: String { get }
}

extension Engine {
  /// The newest whole state of all.
  public func newestSnapshot() throws(EngineError) -> (revision: Int64, bytes: [UInt8])? {
    try newestSnapshot(upTo: .max)
  }
}

/// Names a node in its network: 1 to 1023.
public typealias NodeID = UInt16

/// A node's membership, from `enter` to its end.
public struct Tenure: Sendable, Equatable {
  public let node: NodeID

  /// What it lives by.
  public let lease: Int64

  /// The revision at which it began: no other has the same.
  public let epoch: Int64

  /// How many batches the node had appended before, in all its tenures.
  public let batches: UInt64

  public init(node: NodeID, lease: Int64, epoch: Int64, batches: UInt64) {
    (self.node, self.lease, self.epoch, self.batches) = (node, lease, epoch, batches)
  }
}

/// Something at a place in the log.
public struct LogEntry: Sendable, Equatable {
  public let revision: Int64
  public let content: Content

  public enum Content: Sendable, Equatable {
    case batch(NodeID, [UInt8])

    /// A tenure begins; with what the node says of itself.
    case entered(NodeID, card: [UInt8])

    /// A node's tenure has ended: it left, or nobody heard of it.
    case left(NodeID)
  }

  public init(_ revision: Int64, _ content: Content) {
    (self.revision, self.content) = (revision, content)
  }
}

/// Why the engine did not do what was asked.
public enum EngineError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No server of it answers, or what answers has no majority; with the reason. Whether what was
  /// asked was carried out is not known.
  case away(String)

  /// It refuses: a wrong password, a right that is missing, no space left; with its words.
  case refused(String)

  /// A member has the number; what it says of itself.
  case taken([UInt8])

  /// The tenure has ended.
  case over

  /// What is asked for has been forgotten; the first revision that is still there.
  case compacted(Int64)

  /// Nothing has come for longer than there was patience.
  case silent

  /// `Engine.stop` was called.
  case stopped

  /// What it says has no meaning here; with what that was.
  case strange(String)

  public var description: String {
    switch self {
    case .away(let reason): "the engine is away: \(reason)"
    case .refused(let reason): "the engine refuses: \(reason)"
    case .taken: "another node has this number"
    case .over: "this node's time in the network is over"
    case .compacted(let first):
      "the log begins at \(first) by now, and what was before is in no state that is kept"
    case .silent: "the engine says nothing"
    case .stopped: "stopped"
    case .strange(let what): "the engine's answer is not understood: \(what)"
    }
  }
}
