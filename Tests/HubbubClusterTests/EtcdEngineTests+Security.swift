import Testing

@testable import HubbubCluster

/// Who may use the engine, and whom it believes.
extension EtcdEngineTests {
  /// A user of the name and password `hubbub` who may do with the keys of `test` what he likes.
  private func switchAuthenticationOn(_ server: EtcdServer) throws {
    let engine = EtcdEngine(server.settings())
    func ask(_ path: String, _ request: some Encodable) throws {
      _ = try engine.ask("/v3/auth/\(path)", request, for: EtcdNothing.self)
    }
    struct Grant: Encodable {
      let name = "hubbub"
      let perm: Permission

      struct Permission: Encodable {
        let permType = "READWRITE"
        let key: EtcdBytes
        let end: EtcdBytes

        private enum CodingKeys: String, CodingKey {
          case permType, key
          case end = "range_end"
        }
      }
    }
    try ask("role/add", ["name": "root"])
    try ask("user/add", ["name": "root", "password": "root"])
    try ask("user/grant", ["user": "root", "role": "root"])
    try ask("role/add", ["name": "hubbub"])
    for prefix in ["hub/test/", "hubsnap/test/"] {
      let range = EtcdKeyRange(prefix: prefix)
      try ask("role/grant", Grant(perm: .init(key: range.start, end: range.end)))
    }
    try ask("user/add", ["name": "hubbub", "password": "hubbub"])
    try ask("user/grant", ["user": "hubbub", "role": "hubbub"])
    try ask("enable", [String: String]())
  }

  @Test("the rights to a network's keys are enough for it, and for no other")
  func rights() throws {
    let server = try EtcdServer()
    try switchAuthenticationOn(server)
    var settings = server.settings()
    (settings.user, settings.password) = ("hubbub", "hubbub")
    let engine = EtcdEngine(settings)
    let follower = try EtcdFollower(settings)
    _ = try engine.genesis(proposing: [1])
    let tenure = try engine.enter(3, card: [], life: .seconds(60))
    let first = try #require(try engine.append([1], number: 1, in: tenure))
    // As if it had run out, or the server had been started again.
    engine.token.withLock { $0 = "no token" }
    _ = try engine.append([2], number: 2, in: tenure)
    try engine.keepAlive(tenure)
    try engine.store(snapshot: [7], at: first)
    #expect(try engine.newestSnapshot()?.bytes == [7])
    #expect(follower.entries(3).count == 3)
    engine.token.withLock { $0 = "no token" }
    try engine.follow(after: first, patience: .seconds(60)) { _ in false }
    try engine.compact(to: first)
    try engine.end(lease: tenure.lease)
    #expect(follower.entries(4).last?.content == .left(3))

    settings.network = "other"
    let other = EtcdEngine(settings)
    let denied = EngineError.refused("\(engine.address): permission denied")
    #expect(throws: denied) { try other.enter(3, card: [], life: .seconds(60)) }
    #expect(throws: denied) {
      try other.follow(after: 0, patience: .seconds(60)) { _ in true }
    }
  }

  @Test("a wrong password is refused in the engine's words")
  func wrongPassword() throws {
    let server = try EtcdServer()
    try switchAuthenticationOn(server)
    var settings = server.settings()
    (settings.user, settings.password) = ("hubbub", "secret")
    let engine = EtcdEngine(settings)
    let refused = EngineError.refused(
      "\(engine.address): authentication failed, invalid user ID or password")
    #expect(throws: refused) { try engine.members() }
    #expect(throws: refused) {
      try engine.follow(after: 0, patience: .seconds(60)) { _ in true }
    }
    #expect(!"\(settings)".contains("secret"))
    (settings.user, settings.password) = (nil, nil)
    #expect(throws: EngineError.refused("\(engine.address): user name is empty")) {
      try EtcdEngine(settings).members()
    }
  }

  @Test("a server must prove who it is, by those whom the settings name")
  func certificates() throws {
    let authority = try TestAuthority()
    let server = try EtcdServer(identity: authority)
    var settings = server.settings()
    settings.authorityFile = authority.authorityFile
    let engine = EtcdEngine(settings)
    let tenure = try engine.enter(3, card: [], life: .seconds(60))
    _ = try engine.append([1], number: 1, in: tenure)
    try engine.follow(after: tenure.epoch, patience: .seconds(60)) { _ in false }
    // Another authority, the system's, and a file that is not there.
    let other = try TestAuthority()
    for file in [other.authorityFile, nil, "/nonexistent"] {
      settings.authorityFile = file
      let stranger = EtcdEngine(settings)
      let error = #expect(throws: EngineError.self) { try stranger.members() }
      guard case .refused = error else {
        Issue.record("\(String(describing: error)) is no refusal")
        continue
      }
    }
    // The certificate is for the address, and not for this name of it.
    settings.authorityFile = authority.authorityFile
    settings.endpoints = settings.endpoints.map {
      $0.replacing("127.0.0.1", with: "localhost")
    }
    let misnamed = EtcdEngine(settings)
    let error = #expect(throws: EngineError.self) { try misnamed.members() }
    guard case .refused = error else {
      Issue.record("\(String(describing: error)) is no refusal")
      return
    }
  }
}
