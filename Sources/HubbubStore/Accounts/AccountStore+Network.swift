import HubbubBytes

// The accounts of a network of several nodes: the same book at each of them, changed at the same
// places of one order, and a file behind it that may be lost.

extension AccountStore {
  /// What came of a change that the nodes were asked to make.
  public enum Verdict: Sendable {
    case done

    /// Somebody else's change came first: it is to be decided again.
    case outdated

    /// The nodes cannot agree.
    case disagreed
  }

  struct Network: Sendable {
    let name: String
    let submit: @Sendable ([UInt8]) -> Verdict
    let didAmend: @Sendable (Amendment) -> Void
  }

  /// What a change was about, for those who do more because of it.
  public struct Amendment: Sendable {
    /// Registered rooms that are otherwise now.
    public var rooms: [StreamID] = []

    /// Whether what an account has said is to be deleted.
    public var hasErasure = false

    /// How far somebody has read, which may not be known here yet.
    public var markers: [ReadMarker] = []
  }

  /// What the file does not have yet.
  struct Unwritten {
    var rows: [any RowChange] = []

    /// Whether nobody knows what the file has: it is compared with the book.
    var isUnknown = false

    /// More is not kept while a disk fails: the comparison finds it.
    static let limit = 10_000

    mutating func add(_ rows: [any RowChange]) {
      self.rows += isUnknown ? rows.filter { $0 is AuditEntry } : rows
      if self.rows.count > Self.limit { forget() }
    }

    /// Nobody knows what of it is in the file. What no comparison finds is kept.
    mutating func forget() {
      isUnknown = true
      rows = Array(rows.filter { $0 is AuditEntry }.suffix(Self.limit))
    }
  }

  /// From now on the nodes of a network decide. Once, before anybody asks; waits for the disk.
  ///
  /// - Parameters:
  ///   - isFounding: whether the network begins with what is in this file.
  ///   - submit: has a change made at its place in the network's order, and waits for that.
  ///   - didAmend: told what has changed, and that `writeBehind` has something to do; must not
  ///     wait.
  /// - Throws: where the file has accounts of another network, or of a server that was alone.
  public func join(
    _ network: String, isFounding: Bool, submit: @escaping @Sendable ([UInt8]) -> Verdict,
    didAmend: @escaping @Sendable (Amendment) -> Void
  ) throws(StoreError) {
    let marked = writer.run(upTo: configuration.patience) { [self] in
      isFounding ? mark(network) : .success(markedNetwork)
    }
    guard let marked else { throw StoreError(.other, "The disk takes too long") }
    let known = try marked.get()
    guard known == network || read({ $0.isEmpty }) else {
      throw StoreError(
        .foreignFile,
        "\(path) has accounts that are not this network's: move it away, and the network's are "
          + "written in its place; to give a network these accounts, begin it with this server")
    }
    self.network.withLock {
      $0 = Network(name: network, submit: submit, didAmend: didAmend)
    }
  }

  /// The writer thread's.
  private func mark(_ network: String) -> Result<String?, StoreError> {
    do throws(StoreError) {
      try Self.set("network", Array(network.utf8), in: try opened())
      markedNetwork = network
      return .success(network)
    } catch {
      return .failure(error)
    }
  }

  /// Decides about a change, and has it made where nothing has changed meanwhile.
  func agree<Result: Sendable>(
    in network: Network,
    on body: @escaping @Sendable (inout AccountDraft) throws(AccountError) -> Result
  ) throws(AccountError) -> Result {
    let deadline = ContinuousClock.now + configuration.patience
    let hasTurn = isAgreeing.wait(upTo: configuration.patience) { isAgreeing in
      defer { isAgreeing = true }
      return isAgreeing ? nil : true
    }
    guard hasTurn == true else { throw .disagreed }
    defer {
      isAgreeing.withLock { $0 = false }
      isAgreeing.wakeAll()
    }
    while true {
      let now = configuration.now()
      let (result, change) = try book.withLock { book throws(AccountError) in
        var draft = AccountDraft(book, now: now)
        let result = try body(&draft)
        return (result, draft.isNothing ? nil : AccountChange(version: book.version, draft))
      }
      guard let change else { return result }
      switch network.submit(change.bytes) {
      case .done: return result
      case .disagreed: throw .disagreed
      case .outdated: if ContinuousClock.now >= deadline { throw .disagreed }
      }
    }
  }

  // MARK: Whoever applies changes

  /// Makes a change at its place. One call at a time.
  ///
  /// - Returns: false where others came first: nothing was done.
  public func amend(_ bytes: [UInt8]) throws(ByteReader.Malformed) -> Bool {
    let change = try AccountChange(bytes)
    guard book.withLock({ $0.amend(change, bytes) }) else { return false }
    unwritten.withLock { $0.add(change.rows) }
    network.withLock { $0 }?.didAmend(change.amendment)
    return true
  }

  /// All of it, as `restore` reads it.
  public func snapshot() -> [UInt8] {
    let book = read { $0 }
    var writer = ByteWriter()
    book.write(to: &writer)
    return writer.bytes
  }

  /// Takes the network's accounts over.
  public func restore(_ snapshot: [UInt8]) throws(ByteReader.Malformed) {
    var reader = ByteReader(snapshot[...])
    let restored = try AccountBook(from: &reader)
    guard reader.isAtEnd else { throw ByteReader.Malformed("something follows the accounts") }
    book.withLock { $0 = restored }
    unwritten.withLock { ($0.rows, $0.isUnknown) = ([], true) }
    network.withLock { $0 }?.didAmend(Amendment(hasErasure: true))
  }

  // MARK: The file

  /// Writes down what was changed since the last time. Waits for the disk. Any thread, one at a
  /// time, under no lock.
  ///
  /// - Throws: where the disk does not take it: it is to be tried again.
  public func writeBehind() throws(AccountError) {
    guard let name = network.withLock({ $0?.name }) else { return }
    let work = unwritten.withLock { unwritten in
      defer { unwritten = Unwritten() }
      return unwritten
    }
    guard work.isUnknown || !work.rows.isEmpty else { return }
    let written = writer.run(upTo: configuration.patience) {
      [self] () -> Result<Void, StoreError> in
      do throws(StoreError) { return .success(try write(work, name)) } catch {
        if error.isOfTheDisk { reopen() }
        return .failure(error)
      }
    }
    do throws(AccountError) {
      guard let written else { throw .late }
      do throws(StoreError) { try written.get() } catch { throw .notStored(error) }
    } catch {
      unwritten.withLock { unwritten in
        unwritten.rows = work.rows + unwritten.rows
        unwritten.forget()
      }
      throw error
    }
  }

  /// The writer thread's.
  private func write(_ work: Unwritten, _ network: String) throws(StoreError) {
    let database = try opened()
    var rows = work.rows
    if work.isUnknown {
      rows += Self.differences(from: try Self.load(from: database), to: read { $0 })
    }
    // A copy of the whole book would be made anew by whoever changes it meanwhile.
    let (next, secret) = read { (($0.nextAccount, $0.nextStream), $0.secret) }
    try database.transaction { () throws(StoreError) in
      for row in rows { try row.write(to: database) }
      try Self.setCounters(next, in: database)
      try Self.set("secret", secret, in: database)
      try Self.set("network", Array(network.utf8), in: database)
    }
    markedNetwork = network
  }

  private static func differences(
    from old: AccountBook, to new: AccountBook
  ) -> [any RowChange] {
    // What goes before what comes: a name may be another's now.
    let changes = AccountTables.all.flatMap { $0.differences(from: old, to: new) }
    return changes.filter(\.isRemoval) + changes.filter { !$0.isRemoval }
  }
}
