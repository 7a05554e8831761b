import CFaultyDisk
import CSQLite
import HubbubBytes
import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubStore

/// The accounts of a network, as each of its nodes keeps them.
@Suite struct CommonStoreTests {
  /// Two stores whose changes are made in one order.
  private final class Stage {
    let stores: [AccountStore]
    let disks: [OpaquePointer]
    private let directories: [TemporaryDirectory]

    init() throws {
      directories = (0..<2).map { _ in TemporaryDirectory() }
      let names = directories.map { _ in "common-\(UInt64.random(in: 0...UInt64.max))" }
      disks = names.map { faulty_disk_make($0)! }
      var stores: [AccountStore] = []
      for (directory, name) in zip(directories, names) {
        var configuration = AccountStore.Configuration()
        configuration.system = name
        configuration.patience = .seconds(60)
        stores.append(try AccountStore(directory.path + "/accounts.db", configuration))
      }
      self.stores = stores
      let order = Monitor(level: .registry, stores)
      for (number, store) in stores.enumerated() {
        try store.join("network", isFounding: number == 0) { change in
          order.withLock { stores in
            let done = stores.map { (try? $0.amend(change)) == true }
            return done[0] ? .done : .outdated
          }
        } didAmend: { _ in
        }
      }
      try stores[1].restore(stores[0].snapshot())
    }

    deinit { for store in stores { store.close() } }

    /// What a store has in its file.
    func stored(_ number: Int) throws -> AccountBook {
      let database = try Database(directories[number].path + "/accounts.db")
      return try AccountStore.load(from: database)
    }
  }

  private static let password = StoredPassword(
    hash: "$y$hash", scram: ScramKeys(of: "pencil", iterations: 10))

  /// Makes something of every kind.
  private static func fill(_ store: AccountStore) throws {
    let (ann, _) = try store.register("ann", password, actor: "test")
    let (bob, _) = try store.register("bob", password, actor: "test")
    try store.addDevice("phone", to: ann.id, code: SecretCode(), scram: nil, actor: "ann")
    try store.addCertificate(
      [UInt8](repeating: 7, count: 32), "card", to: ann.id, actor: "ann")
    try store.addNickname("anna", to: ann.id, actor: "ann")
    let stream = try store.makeStream()
    _ = try store.registerRoom(
      "#r", stream, founder: ann.id, state: "{}", visibility: .members, from: 3, actor: "ann")
    try store.setAccess(stream, bob.id, .voice, actor: "ann")
    try store.setMarkers([ReadMarker(key: .init(ann.id, FoldedName("#r")), time: 5)])
    try store.setStaying(ann.id, "state")
    try store.setMetadata(of: "a1", "avatar", "x")
    try store.setMetadata(of: "a1", "color", "y")
    try store.setMetadata(of: "a1", "color", nil)
  }

  private static func rows(_ book: AccountBook) -> [Set<String>] {
    AccountTables.all.map { table in Set(table.all(in: book).map { "\($0)" }) }
  }

  @Test("two stores that are changed in one order are the same, and so are their files")
  func same() throws {
    let stage = try Stage()
    try Self.fill(stage.stores[0])
    _ = try stage.stores[1].register("cem", Self.password, actor: "test")
    let books = stage.stores.map { $0.read { $0 } }
    #expect(Self.rows(books[0]) == Self.rows(books[1]))
    #expect(books[0].digest == books[1].digest)
    for (number, store) in stage.stores.enumerated() {
      try store.writeBehind()
      let stored = try stage.stored(number)
      #expect(Self.rows(stored) == Self.rows(books[0]))
      #expect(stored.nextAccount == books[0].nextAccount)
      #expect(stored.secret == books[0].secret)
      #expect(try store.audit(100).count == (try stage.stores[0].audit(100).count))
    }
  }

  @Test("a file that failed is compared with what holds, and loses no line of the audit log")
  func failure() throws {
    let stage = try Stage()
    let store = stage.stores[1]
    try store.writeBehind()
    faulty_disk_fail(stage.disks[1], faulty_disk_write, SQLITE_IOERR, 0)
    try Self.fill(stage.stores[0])
    #expect(throws: AccountError.self) { try store.writeBehind() }
    _ = try stage.stores[0].register("cem", Self.password, actor: "test")
    #expect(throws: AccountError.self) { try store.writeBehind() }
    faulty_disk_fail(stage.disks[1], faulty_disk_write, 0, 0)
    try store.writeBehind()
    #expect(Self.rows(try stage.stored(1)) == Self.rows(store.read { $0 }))
    try stage.stores[0].writeBehind()
    #expect(try store.audit(100) == (try stage.stores[0].audit(100)))
  }

  @Test("a change that was decided by what is no longer so is not made")
  func outdated() throws {
    let stage = try Stage()
    let draft = AccountDraft(stage.stores[0].read { $0 }, now: 1)
    let change = AccountChange(version: 0, draft).bytes
    #expect(try stage.stores[1].amend(change))
    #expect(try !stage.stores[1].amend(change))
  }

  @Test("whatever bytes come as a change or a state, they are refused or what they say")
  func anyBytes() throws {
    let stage = try Stage()
    try Self.fill(stage.stores[0])
    var draft = AccountDraft(stage.stores[0].read { $0 }, now: 1)
    for row in draft.book.accounts.values { draft.put(row) }
    for row in draft.book.rooms.values { draft.put(row) }
    for row in draft.book.visibilities.values { draft.put(row) }
    draft.remove(Device.self, .init(1, "phone"))
    draft.remove(RoomVisit.self, .init(account: 1, room: StreamID(rawValue: 1), first: 2))
    draft.audit("a", "b", "c", "d")
    let change = AccountChange(version: 9, draft).bytes
    #expect(try AccountChange(change).bytes == change)
    let state = stage.stores[0].snapshot()
    var random = SplitMix64(seed: 0x5EED)
    for _ in 0..<20_000 {
      var bytes = Bool.random(using: &random) ? change : state
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        }
      }
      if let read = try? AccountChange(bytes) {
        #expect(try AccountChange(read.bytes).bytes == read.bytes)
      }
      var reader = ByteReader(bytes[...])
      _ = try? AccountBook(from: &reader)
    }
  }
}
