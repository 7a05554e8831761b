import CFaultyDisk
import CSQLite
import HubbubThreads
import IRCWire
import TestSupport
import Testing

@testable import HubbubStore

@Suite struct AccountTests {
  /// A store in a directory of its own.
  private final class Stage {
    let directory: TemporaryDirectory
    let clock = Monitor<Int64>(1_764_000_000_000)
    let disk: OpaquePointer
    private let configuration: AccountStore.Configuration
    var store: AccountStore
    var path: String { directory.path + "/accounts.db" }

    init() throws {
      directory = TemporaryDirectory()
      let name = "accounts-\(UInt64.random(in: 0...UInt64.max))"
      disk = faulty_disk_make(name)!
      var configuration = AccountStore.Configuration()
      configuration.system = name
      configuration.now = { [clock] in clock.withLock { $0 } }
      configuration.patience = .seconds(60)
      self.configuration = configuration
      store = try AccountStore(directory.path + "/accounts.db", configuration)
    }

    deinit { store.close() }

    func restart() throws {
      store.close()
      store = try AccountStore(path, configuration)
    }

    static let password = StoredPassword(
      hash: "$y$hash", scram: ScramKeys(of: "pencil", iterations: 10))

    func register(_ name: String) throws -> Account {
      try store.register(name, Self.password, actor: name).0
    }

    func wait(days: Int64) { clock.withLock { $0 += days * 86_400_000 } }
  }

  private static func error<Result>(
    _ body: () throws(AccountError) -> Result
  ) -> AccountError? {
    do throws(AccountError) {
      _ = try body()
      return nil
    } catch {
      return error
    }
  }

  @Test("an account is there after a restart, with everything that it has")
  func restart() throws {
    let stage = try Stage()
    let ann = try stage.register("Ann")
    let secret = stage.store.read { $0.secret }
    let phone = try stage.store.addDevice("phone", to: ann.id, actor: "ann")
    try stage.store.addCertificate([1, 2, 3], "laptop", to: ann.id, actor: "ann")
    try stage.store.addNickname("Annie", to: ann.id, actor: "ann")
    try stage.store.setMetadata(of: "a1", "display-name", "Ann Ä")
    let room = try stage.store.makeStream()
    _ = try stage.store.registerRoom(
      "#Room", room, founder: ann.id, state: "topic", visibility: .joined, from: 5, actor: "ann")
    try stage.store.setKeep(of: room, .seconds(60), actor: "ann")
    try stage.store.beginVisit(of: ann.id, in: room, at: 7)
    try stage.store.setMarkers([
      ReadMarker(key: .init(ann.id, FoldedName("#Room")), time: 99)
    ])
    try stage.store.setStaying(ann.id, "here")
    let before = stage.store.read { $0 }
    try stage.restart()
    stage.store.read { book in
      #expect(book.account(named: "aNN")?.scram == Stage.password.scram)
      #expect(book.accounts == before.accounts)
      #expect(book.devices == before.devices)
      #expect(book.certificates == before.certificates)
      #expect(book.nicknames == before.nicknames)
      #expect(book.rooms == before.rooms)
      #expect(book.accessByRoom == before.accessByRoom)
      #expect(book.visibilityByRoom == before.visibilityByRoom)
      #expect(book.visitsByOwner == before.visitsByOwner)
      #expect(book.markers == before.markers)
      #expect(book.staying == before.staying)
      #expect(book.metadata(of: "a1") == ["display-name": "Ann Ä"])
      #expect(book.device(ann.id, "PHONE", password: "\(phone)") != nil)
      #expect(book.device(ann.id, "phone", password: "wrong") == nil)
      #expect(book.certificate([1, 2, 3])?.account == ann.id)
      #expect(book.room(named: "#rOOM")?.keep == 60_000)
    }
    #expect(stage.store.read { $0.secret } == secret)
    #expect(try stage.store.makeStream() > room)
  }

  @Test("a name is had once, whatever its case, and so is a nickname")
  func names() throws {
    let stage = try Stage()
    let ann = try stage.register("Ann")
    let bob = try stage.register("Bob")
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.register("aNN", Stage.password, actor: "x")
      } == .exists)
    try stage.store.addNickname("Annie", to: ann.id, actor: "ann")
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.register("annIE", Stage.password, actor: "x")
      } == .nicknameTaken)
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.addNickname("ANNIE", to: bob.id, actor: "bob")
      } == .nicknameTaken)
    #expect(stage.store.read { $0.owner(ofNickname: "ANNIE")?.id } == ann.id)
    for number in 2...3 {
      try stage.store.addNickname("a\(number)", to: ann.id, actor: "ann")
    }
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.addNickname("a4", to: ann.id, actor: "ann")
      } == .limit(3))
    try stage.store.removeNickname("annie", from: ann.id, actor: "ann")
    try stage.store.addNickname("Annie", to: bob.id, actor: "bob")
    // Differently composed characters are different names.
    _ = try stage.register("\u{e9}")
    _ = try stage.register("e\u{301}")
    try stage.restart()
    #expect(stage.store.read { $0.everyAccount.count } == 4)
    #expect(stage.store.read { $0.owner(ofNickname: "annie")?.id } == bob.id)
  }

  @Test("a recovery code sets one password, and is spent; a reset code lasts a day")
  func recovery() throws {
    let stage = try Stage()
    let (ann, code) = try stage.store.register("ann", Stage.password, actor: "ann")
    let new = StoredPassword(hash: "$y$new", scram: nil)
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.recover(ann.id, code: "\(SecretCode())", new)
      } == .wrongCode)
    let next = try stage.store.recover(ann.id, code: "\(code)", new)
    #expect(stage.store.read { $0.account(ann.id)?.password } == "$y$new")
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.recover(ann.id, code: "\(code)", new)
      } == .wrongCode)
    let reset = try stage.store.makeResetCode(for: ann.id, actor: "oper")
    stage.wait(days: 2)
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.recover(ann.id, code: "\(reset)", new)
      } == .wrongCode)
    let again = try stage.store.makeResetCode(for: ann.id, actor: "oper")
    _ = try stage.store.recover(ann.id, code: "\(again)", Stage.password)
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.recover(ann.id, code: "\(next)", new)
      } == .wrongCode)
    // Nothing that leads into the account is in the file, or in the audit log.
    let file = readFile(stage.path) + readFile(stage.path + "-wal")
    for code in [code, next, reset, again] { #expect(!file.holds("\(code)")) }
    #expect(
      try stage.store.audit(10).map(\.action)
        == ["recover", "reset", "reset", "recover", "register"])
  }

  @Test("an erased account leaves its name, taken, and nothing else; an operator frees it")
  func erasure() throws {
    let stage = try Stage()
    let ann = try stage.register("ann")
    let bob = try stage.register("bob")
    _ = try stage.store.addDevice("phone", to: ann.id, actor: "ann")
    try stage.store.addCertificate([9], "c", to: ann.id, actor: "ann")
    try stage.store.addNickname("annie", to: ann.id, actor: "ann")
    let room = try stage.store.makeStream()
    _ = try stage.store.registerRoom(
      "#r", room, founder: ann.id, state: "", visibility: .members, from: 1, actor: "ann")
    try stage.store.beginVisit(of: ann.id, in: room, at: 1)
    try stage.store.setMarkers([ReadMarker(key: .init(ann.id, FoldedName("#r")), time: 5)])
    try stage.store.setStaying(ann.id, "here")
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.erase(ann.id, actor: "ann")
      } == .notAllowed)
    try stage.store.offer(room, to: bob.id, actor: "ann")
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.accept(room, by: ann.id)
      } == .notAllowed)
    try stage.store.accept(room, by: bob.id)
    #expect(stage.store.read { $0.standing(of: ann.id, in: room) } == .op)
    #expect(stage.store.read { $0.standing(of: bob.id, in: room) } == .founder)
    try stage.store.erase(ann.id, actor: "ann")
    try stage.restart()
    stage.store.read { book in
      #expect(book.account(ann.id)?.flags == [.erased, .messagesToErase])
      #expect(book.account(ann.id)?.password == nil)
      #expect(book.devices.isEmpty && book.certificates.isEmpty && book.nicknames.isEmpty)
      #expect(book.visits.isEmpty && book.markers.isEmpty && book.staying.isEmpty)
      #expect(book.standing(of: ann.id, in: room) == nil)
      #expect(book.owner(ofNickname: "annie") == nil)
    }
    try stage.store.noteMessagesErased(ann.id)
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.register("ann", Stage.password, actor: "x")
      } == .exists)
    try stage.store.free("ann", actor: "oper")
    // Another account of that name has another number.
    #expect(try stage.register("ann").id > bob.id)
  }

  @Test("a name that is freed early leaves what is still to be erased on record")
  func freeEarly() throws {
    let stage = try Stage()
    let cem = try stage.register("cem")
    try stage.store.erase(cem.id, actor: "cem")
    try stage.store.free("cem", actor: "oper")
    #expect(try stage.register("cem").id > cem.id)
    #expect(stage.store.read { $0.withMessagesToErase.map(\.id) } == [cem.id])
    try stage.store.noteMessagesErased(cem.id)
    #expect(stage.store.read { $0.account(cem.id) == nil && $0.account(named: "cem") != nil })
  }

  @Test("a room's access list, offers and limits")
  func rooms() throws {
    let stage = try Stage()
    let ann = try stage.register("ann")
    let bob = try stage.register("bob")
    func room(_ name: String) throws -> StreamID {
      let stream = try stage.store.makeStream()
      return try stage.store.registerRoom(
        name, stream, founder: ann.id, state: "s", visibility: .members, from: 1, actor: "ann"
      ).stream
    }
    let first = try room("#0")
    for number in 1..<15 { _ = try room("#\(number)") }
    #expect(throws: AccountError.limit(15)) { try room("#15") }
    #expect(throws: AccountError.exists) { try room("#0") }
    try stage.store.setAccess(first, bob.id, .voice, actor: "ann")
    try stage.store.setAccess(first, bob.id, .deny, actor: "ann")
    #expect(stage.store.read { $0.standing(of: bob.id, in: first) } == .deny)
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.setAccess(first, ann.id, nil, actor: "ann")
      } == .notAllowed)
    #expect(
      Self.error { () throws(AccountError) in
        try stage.store.setAccess(first, bob.id, .founder, actor: "ann")
      } == .notAllowed)
    try stage.store.setAccess(first, bob.id, nil, actor: "ann")
    #expect(stage.store.read { $0.accessList(of: first) } == [ann.id: .founder])
    try stage.store.dropRoom(first, actor: "ann")
    try stage.restart()
    #expect(stage.store.read { $0.room(named: "#0") } == nil)
    #expect(stage.store.read { $0.accessList(of: first) } == [:])
    #expect(stage.store.read { $0.rooms(foundedBy: ann.id).count } == 14)
    // Its number is not given again.
    #expect(try stage.store.makeStream() > first)
  }

  @Test("numbers of streams are never given twice, over restarts and by many at a time")
  func streams() throws {
    let stage = try Stage()
    var given: Set<StreamID> = []
    for _ in 0..<3 {
      for _ in 0..<1500 { #expect(given.insert(try stage.store.makeStream()).inserted) }
      #expect(given.insert(try stage.store.conversation(.init(1, Int64(given.count)))).inserted)
      try stage.restart()
    }
    let pair = Conversation.Pair(7, 3)
    let stream = try stage.store.conversation(pair)
    #expect(try stage.store.conversation(.init(3, 7)) == stream)
    #expect(stage.store.read { $0.conversations(of: 7).map(\.with) } == [3])
  }

  @Test("what may be read is what could have been read when it was said")
  func visibility() throws {
    let stage = try Stage()
    let ann = try stage.register("ann")
    let bob = try stage.register("bob")
    let room = try stage.store.makeStream()
    _ = try stage.store.registerRoom(
      "#r", room, founder: ann.id, state: "", visibility: .joined, from: 10, actor: "ann")
    try stage.store.setVisibility(of: room, .members, from: 100, actor: "ann")
    try stage.store.setVisibility(of: room, .everybody, from: 200, actor: "ann")
    try stage.store.setVisibility(of: room, .joined, from: 300, actor: "ann")
    for (first, last) in [(20, 30), (90, 110), (290, 310)] as [(UInt64, UInt64)] {
      try stage.store.beginVisit(of: bob.id, in: room, at: first)
      try stage.store.endVisit(of: bob.id, in: room, at: last)
    }
    func readable(_ account: Int64?, isInside: Bool) -> [ClosedRange<UInt64>] {
      stage.store.read { $0.readable(room, by: account, isInside: isInside) }
    }
    #expect(readable(nil, isInside: false) == [200...299])
    #expect(readable(nil, isInside: true) == [100...199, 200...299])
    #expect(
      readable(bob.id, isInside: false) == [20...30, 90...99, 100...110, 200...299, 300...310])
    #expect(
      readable(bob.id, isInside: true) == [20...30, 90...99, 100...199, 200...299, 300...310])
    try stage.store.beginVisit(of: bob.id, in: room, at: 400)
    #expect(readable(bob.id, isInside: true).last?.upperBound == MessageKey.maxSequence)
    // An unclean end closes it at the last number that is stored.
    try stage.store.endAllVisits(at: [room: 450])
    #expect(readable(bob.id, isInside: true).last == 400...450)
    #expect(
      stage.store.read {
        $0.readable(room, by: nil, stays: [305...500], isInside: true).last
      } == 305...500)
  }

  @Test("a marker moves forward only")
  func markers() throws {
    let stage = try Stage()
    let ann = try stage.register("ann")
    let key = ReadMarker.Key(ann.id, FoldedName("#r"))
    for (time, expected) in [(5, 5), (3, 5), (9, 9)] as [(Int64, Int64)] {
      try stage.store.setMarkers([ReadMarker(key: key, time: time)])
      #expect(stage.store.read { $0.marker(key) } == expected)
    }
  }

  @Test("of too many markers the oldest give way")
  func manyMarkers() throws {
    let stage = try Stage()
    let ann = try stage.register("ann")
    func key(_ number: Int) -> ReadMarker.Key { .init(ann.id, FoldedName("#r\(number)")) }
    for number in 0...stage.store.limits.markers {
      try stage.store.setMarkers([ReadMarker(key: key(number), time: Int64(number))])
    }
    stage.store.read { book in
      #expect(book.markers.count <= stage.store.limits.markers)
      #expect(book.marker(key(0)) == nil)
      #expect(book.marker(key(stage.store.limits.markers)) != nil)
      #expect(book.markerCounts[ann.id] == book.markers.count)
    }
  }

  @Test("a change that cannot be written does not hold, and the next one can")
  func failingDisk() throws {
    let stage = try Stage()
    _ = try stage.register("ann")
    for (act, code) in [
      (faulty_disk_write, SQLITE_FULL), (faulty_disk_sync, SQLITE_IOERR | (4 << 8)),
      (faulty_disk_write, SQLITE_IOERR | (3 << 8)),
    ] {
      faulty_disk_fail(stage.disk, act, code, 0)
      let failed = Self.error { () throws(AccountError) in
        try stage.store.register("bob", Stage.password, actor: "bob")
      }
      guard case .notStored = failed else {
        Issue.record("\(String(describing: failed))")
        continue
      }
      #expect(stage.store.read { $0.account(named: "bob") } == nil)
      faulty_disk_fail(stage.disk, act, SQLITE_OK, 0)
    }
    let bob = try stage.register("bob")
    try stage.restart()
    #expect(stage.store.read { $0.account(named: "bob")?.id } == bob.id)
  }

  @Test("a daily copy is made once a day, the oldest go, and a corrupt file names the newest")
  func copies() throws {
    let stage = try Stage()
    _ = try stage.register("ann")
    var made: [String] = []
    for _ in 0..<9 {
      made.append(try #require(try stage.store.makeDailyCopy()))
      #expect(try stage.store.makeDailyCopy() == nil)
      stage.wait(days: 1)
    }
    #expect(readFile(made[1]).isEmpty && !readFile(made[2]).isEmpty)
    let copy = try Database(made[8], .readOnly)
    #expect(try copy.number("SELECT count(*) FROM account") == 1)
    stage.store.close()
    var bytes = readFile(stage.path)
    let whole = bytes
    for index in bytes.indices.dropFirst(4096) { bytes[index] ^= 0xA5 }
    writeFile(stage.path, bytes)
    let error = #expect(throws: StoreError.self) { try AccountStore(stage.path) }
    #expect(error?.kind == .corrupt)
    #expect(error?.description.contains(made[8]) == true)
    #expect(readFile(stage.path) == bytes)
    // What the words say to do helps.
    writeFile(stage.path, readFile(made[8]))
    try stage.restart()
    #expect(stage.store.read { $0.account(named: "ann") } != nil)
    _ = whole
  }

  @Test("a file of a newer program is refused in one sentence")
  func newerFile() throws {
    let stage = try Stage()
    stage.store.close()
    try Database(stage.path).execute("PRAGMA user_version = 99")
    let error = #expect(throws: StoreError.self) { try AccountStore(stage.path) }
    #expect(error?.kind == .newerFile)
    try Database(stage.path).execute("PRAGMA user_version = \(Schema.accounts.versions.count)")
    try stage.restart()
  }

  @Test("random changes: what is in memory is what is on disk")
  func random() throws {
    let stage = try Stage()
    var random = SplitMix64(seed: seed())
    let names = (0..<8).map { "n\($0)" }
    var rooms: [StreamID] = []
    for round in 0..<400 {
      let account = stage.store.read { $0.everyAccount.randomElement(using: &random)?.id } ?? 1
      let name = names.randomElement(using: &random)!
      // Refusals are part of it.
      switch Int.random(in: 0..<14, using: &random) {
      case 0, 1: _ = try? stage.register(name)
      case 2: try? stage.store.addNickname(name, to: account, actor: "x")
      case 3: try? stage.store.removeNickname(name, from: account, actor: "x")
      case 4: _ = try? stage.store.addDevice(name, to: account, actor: "x")
      case 5: try? stage.store.removeDevice(name, from: account, actor: "x")
      case 6: try? stage.store.rename(account, name, actor: "x")
      case 7 where round % 5 == 0: try? stage.store.erase(account, actor: "x")
      case 8:
        let room = try stage.store.makeStream()
        if (try? stage.store.registerRoom(
          "#\(name)", room, founder: account, state: name, visibility: .members, from: 1,
          actor: "x")) != nil
        {
          rooms.append(room)
        }
      case 9:
        guard let room = rooms.randomElement(using: &random) else { break }
        try? stage.store.setAccess(
          room, account, RoomAccess.Standing.allCases.randomElement(using: &random), actor: "x")
      case 10:
        guard let room = rooms.randomElement(using: &random) else { break }
        try? stage.store.beginVisit(of: account, in: room, at: UInt64(round))
      case 11:
        guard let room = rooms.randomElement(using: &random) else { break }
        try? stage.store.endVisit(of: account, in: room, at: UInt64(round))
      case 12:
        guard let room = rooms.randomElement(using: &random) else { break }
        try? stage.store.dropRoom(room, actor: "x")
      default: try? stage.store.setMetadata(of: name, "k\(round % 20)", round % 3 == 0 ? nil : "v")
      }
    }
    let before = stage.store.read { $0 }
    try stage.restart()
    stage.store.read { book in
      #expect(book.accounts == before.accounts && book.accountsByName == before.accountsByName)
      #expect(book.nicknames == before.nicknames && book.devices == before.devices)
      #expect(book.rooms == before.rooms && book.roomsByName == before.roomsByName)
      #expect(book.access == before.access && book.accessByRoom == before.accessByRoom)
      #expect(book.visits == before.visits && book.visitsByOwner == before.visitsByOwner)
      #expect(book.visibilityByRoom == before.visibilityByRoom)
      #expect(book.metadata == before.metadata && book.metadataKeys == before.metadataKeys)
      #expect(book.nextAccount == before.nextAccount)
    }
  }
}
