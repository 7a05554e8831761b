import Glibc
import HubbubDial
import HubbubThreads
import IRCWire
import Testing

@testable import HubbubServer

@Suite struct PasswordTests {
  @Test("a hash is that of its password and of no other, and another one each time")
  func hashing() throws {
    let hash = try PasswordHash.make("tea, please")
    #expect(hash.hasPrefix("$y$"))
    #expect(PasswordHash.isHash(hash))
    #expect(PasswordHash.matches("tea, please", hash) == true)
    for wrong in ["", "tea", "Tea, please", "tea, please ", "tea, please\0", hash] {
      #expect(PasswordHash.matches(wrong, hash) == false)
    }
    #expect(try PasswordHash.make("tea, please") != hash)
  }

  @Test(
    "what is a hash",
    arguments: [
      (SettingsTests.hash, true),
      // "secret", by openssl passwd -6 -salt saltsalt, and by htpasswd -B.
      (
        "$6$saltsalt$yDUrMyZ0SiEu0kEwChQq3TRrEwGqjqc3Lw1rFmb1Qnay3T1PSQ4EAKSjv2nDhLqXrBdoZ0wQfG0cK6sWJzEgk0",
        true
      ),
      ("secret", false), ("", false), ("$", false), ("$$$", false), ("$y$", false),
      ("$money$", false), ("ab0123456789.", false), ("*0", false),
    ])
  func recognised(text: String, isHash: Bool) {
    #expect(PasswordHash.isHash(text) == isHash)
  }

  @Test("a password is compared with one hash of each kind, whoever it is said to be of")
  func kinds() {
    let (one, other) = (SettingsTests.hash, SettingsTests.hash.replacing("lq0MH", with: "Xq0MH"))
    let costly = one.replacing("j75", with: "jAT")
    let sha = "$6$saltsalt$" + String(repeating: "a", count: 86)
    let rounds = "$6$rounds=9000$saltsalt$" + String(repeating: "a", count: 86)
    let bcrypt = "$2b$05$" + String(repeating: "a", count: 53)
    let bcryptCostly = "$2b$06$" + String(repeating: "a", count: 53)
    let all = [one, other, costly, sha, rounds, bcrypt, bcryptCostly]
    #expect(Set(PasswordHash.oneOfEachKind(all, with: one)) == Set(all).subtracting([other]))
    #expect(Set(PasswordHash.oneOfEachKind(all, with: other)) == Set(all).subtracting([one]))
    #expect(PasswordHash.oneOfEachKind([], with: one) == [one])
  }

  @Test("the wait before the next try doubles with each wrong password, up to a minute")
  func delays() {
    var tries = PasswordTries()
    #expect(tries.delay(.seconds(1), now: 1000) == .zero)
    let expected: [Duration] = [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) }
    for delay in expected {
      tries.countWrong(at: 1000)
      #expect(tries.delay(.seconds(1), now: 1000) == delay)
    }
    #expect(tries.delay(.seconds(1), now: 31_000) == .seconds(30))
    #expect(tries.delay(.seconds(1), now: 62_000) == .zero)
    #expect(tries.delay(.zero, now: 1000) == .zero)
    for _ in 0..<100 { tries.countWrong(at: 1000) }
    #expect(tries.delay(.seconds(60), now: 1000) == .seconds(60))
  }

  /// L8
  @Test("one password is hashed at a time, in the order in which they came, and few may wait")
  func oneAtATime() throws {
    let door = OneAtATime()
    let record = Monitor<(order: [Int], inside: Int, isOpen: Bool)>(
      (order: [], inside: 0, isOpen: false))
    var threads: [NamedThread] = []
    for number in 0..<3 {
      threads.append(
        try NamedThread(name: "guest-\(number)") {
          _ = door.run(upTo: 3) {
            record.withLock {
              $0.order.append(number)
              $0.inside += 1
              if $0.inside > 1 { $0.order.append(-1) }
            }
            _ = record.wait { $0.isOpen ? true : nil }
            record.withLock { $0.inside -= 1 }
          }
        })
      while door.count <= number { sched_yield() }
    }
    #expect(door.run(upTo: 3) { true } == nil)
    record.withLock { $0.isOpen = true }
    record.wakeAll()
    for thread in threads { thread.join() }
    #expect(record.withLock { $0.order } == [0, 1, 2])
    #expect(door.run(upTo: 1) { true } == true)
  }

  /// L8
  @Test(
    "a wrong password makes the next try of this connection wait, and nobody and nothing else",
    arguments: [nil, "tea"])
  func wait(label: String?) throws {
    let server = try TestServer {
      $0.limits.passwordDelay = .seconds(60)
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
    }
    let ann = try server.client("ann", capabilities: ["labeled-response", "batch"])
    let bob = try server.client("bob")
    #expect(try ann.ask("OPER ann wrong").commands == ["464"])
    try ann.send((label.map { "@label=\($0) " } ?? "") + "OPER ann secret")
    let notice = try ann.expect("NOTICE")
    #expect(notice.parameters[1].wholeMatch(of: /.* is looked at in [1-6]?[0-9] s\./) != nil)
    #expect(try bob.ask("OPER ann secret").commands == ["381", "MODE"])
    // What others say to it does not wait.
    try bob.send("PRIVMSG ann :hello")
    #expect(try ann.read { $0.command == "PRIVMSG" }.commands.last == "PRIVMSG")
    server.stop()
    #expect(try !ann.readToEnd().commands.contains("381"))
  }

  @Test("who goes while it waits after a wrong password has gone")
  func goesMeanwhile() throws {
    let server = try TestServer {
      $0.limits.passwordDelay = .seconds(60)
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
    }
    let (ann, bob) = (try server.client("ann"), try server.client("bob"))
    for client in [ann, bob] { try client.join("#r") }
    #expect(try ann.ask("OPER ann wrong").commands.last == "464")
    try ann.send("OPER ann secret")
    try ann.expect("NOTICE")
    ann.connection.shutDown()
    #expect(try bob.expect("QUIT").source?.name == "ann")
    #expect(server.log.find("result=accepted") == nil)
  }

  // Its answer would tell that the password is somebody's.
  @Test("a right password with a name that is nobody's is wrong, and is counted")
  func nobodys() throws {
    let server = try TestServer {
      $0.limits.passwordDelay = .zero
      $0.limits.wrongPasswords = 2
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
    }
    let ann = try server.client("ann")
    try ann.send("OPER nobody secret", "OPER nobody secret")
    #expect(try ann.readToEnd().last?.parameters[0].contains("Too many wrong passwords") == true)
  }

  @Test(
    "of one subscriber one password is looked at at a time, and none for a pause after a wrong one",
    arguments: [
      ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
      ("2001:db8::1", "2001:db8::9:2", "2001:db8:0:1::1"),
    ])
  func turns(address: String, same: String, other: String) throws {
    var turns = PasswordTurns()
    let subscriber = try #require(PasswordTurns.subscriber(address))
    #expect(PasswordTurns.subscriber(same) == subscriber)
    let stranger = try #require(PasswordTurns.subscriber(other))
    let pause = Duration.seconds(1)
    func take(_ one: AddressRange, at now: Int64) -> Bool { turns.take(one, pause, now: now) }
    let first = [take(subscriber, at: 0), take(subscriber, at: 0), take(stranger, at: 0)]
    #expect(first == [true, false, true])
    turns.finish(subscriber, isWrong: false, pause, now: 0)
    #expect(take(subscriber, at: 0))
    turns.finish(subscriber, isWrong: true, pause, now: 100)
    #expect(turns.rest(of: subscriber, pause, now: 100) == pause)
    let later = [take(subscriber, at: 1099), take(subscriber, at: 1100), take(stranger, at: 1100)]
    #expect(later == [false, true, false])
  }

  @Test("who guessed is forgotten when the pause is over and there are many")
  func forgotten() throws {
    var turns = PasswordTurns()
    for number in 0..<3000 {
      let one = try #require(PasswordTurns.subscriber("10.0.\(number / 250).\(number % 250)"))
      let isTaken = turns.take(one, .seconds(1), now: Int64(number))
      #expect(isTaken)
      turns.finish(one, isWrong: true, .seconds(1), now: Int64(number))
    }
    #expect(turns.count <= 1001)
  }

  /// L8
  @Test(
    "who comes again has not forgotten to wait; but where many may stand behind an address, each waits alone",
    arguments: [true, false])
  func comesAgain(isThrottled: Bool) throws {
    let server = try TestServer {
      $0.limits.passwordDelay = .seconds(60)
      $0.password = SettingsTests.hash
      if isThrottled { $0.classes = [] }
    }
    // Another name: who was refused may still be leaving.
    #expect(throws: Registration.Failure.self) { try server.client("bob", password: "wrong") }
    let ann = try server.connect()
    try ann.send("PASS secret", "NICK ann", "USER ann 0 * :Ann")
    if isThrottled {
      try ann.expect("NOTICE")
      server.stop()
      #expect(try !ann.readToEnd().commands.contains("001"))
    } else {
      try ann.expect("001")
    }
  }

  @Test("right passwords from one address cost each other no pause")
  func manyRight() throws {
    let server = try TestServer {
      $0.limits.passwordDelay = .seconds(60)
      $0.password = SettingsTests.hash
      $0.classes = []
    }
    for number in 0..<4 { _ = try server.client("ann\(number)", password: "secret") }
  }

  @Test("after too many wrong passwords the connection is ended, and all of it is logged")
  func tooMany() throws {
    let server = try TestServer {
      $0.limits.passwordDelay = .zero
      $0.limits.wrongPasswords = 3
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
    }
    let ann = try server.client("ann")
    try ann.send("OPER ann 1", "OPER nobody 2", "OPER ann 3", "OPER ann secret")
    let seen = try ann.readToEnd()
    #expect(seen.commands.filter { $0 != "ERROR" } == ["464", "464", "464"])
    #expect(seen.last?.parameters[0].contains("Too many wrong passwords") == true)
    #expect(
      server.log.waitForLine(containing: "command=OPER", "tries=3", "inAll=3", "account=ann") != nil
    )
    #expect(server.log.find { $0.contains("wrong") && $0.contains("secret") } == nil)
  }

  @Test("a server that stops waits for nobody who waits after a wrong password")
  func stopping() throws {
    let server = try TestServer {
      $0.limits.passwordDelay = .seconds(60)
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
    }
    let ann = try server.client("ann")
    #expect(try ann.ask("OPER ann wrong").commands == ["464"])
    try ann.send("PING before", "OPER ann secret")
    try ann.expect("PONG")
    let start = ContinuousClock.now
    server.stop()
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test("the server's password may be a hash")
  func serverPassword() throws {
    let server = try TestServer { $0.password = SettingsTests.hash }
    _ = try server.client("ann", password: "secret")
    for (number, wrong) in [nil, "wrong", SettingsTests.hash].enumerated() {
      #expect(throws: Registration.Failure.refused(numeric: "464", reason: "Password incorrect")) {
        try server.client("bob\(number)", password: wrong)
      }
    }
    #expect(server.log.waitForLine(containing: "wrong server password", "inAll=3") != nil)
  }

  /// L8
  @Test("nothing is hashed for a connection that has ended")
  func endedBefore() throws {
    let gate = PasswordGate()
    var tries = PasswordTries()
    func judge(isClosed: Bool) -> PasswordGate.Verdict {
      gate.judge(
        "wrong", SettingsTests.hash, isKnown: true, &tries, of: nil, Limits(),
        isClosed: { isClosed })
    }
    #expect(judge(isClosed: true) == .busy)
    #expect(tries.wrong == 0)
    #expect(judge(isClosed: false) == .wrong)
  }

  /// L8
  @Test("when too many passwords wait to be hashed, who comes is told to try again")
  func busy() throws {
    let server = try TestServer {
      $0.limits.passwordQueue = 0
      $0.operators = [OperatorAccount(name: "ann", passwordHash: SettingsTests.hash)]
    }
    // "263 RPL_TRYAGAIN: Given when the command could not be carried out right now" (Modern IRC).
    let answer = try server.client("ann").ask("OPER ann secret")
    #expect(answer.commands == ["263"])
    #expect(answer[0].parameters.prefix(2) == ["ann", "OPER"])
    let closed = try TestServer {
      $0.limits.passwordQueue = 0
      $0.password = SettingsTests.hash
    }
    let ann = try closed.connect()
    try ann.send("PASS secret", "NICK ann", "USER ann 0 * :Ann")
    #expect(try ann.readToEnd().last?.parameters[0].contains("The server is busy") == true)
  }
}
