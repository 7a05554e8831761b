import Glibc
import HubbubDial
import HubbubThreads
import Testing

@testable import HubbubServer

@Suite struct PasswordTests {
  @Test("a hash is that of its password and of no other, and another one each time")
  func hashing() throws {
    let hash = try PasswordHash.make("tea, please")
    #expect(hash.hasPrefix("$y$"))
    #expect(PasswordHash.isHash(hash))
    #expect(PasswordHash.matches("tea, please", hash))
    for wrong in ["", "tea", "Tea, please", "tea, please ", "tea, please\0", hash] {
      #expect(!PasswordHash.matches(wrong, hash))
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

  @Test("the wait before the next try doubles with each wrong password, up to a minute")
  func delays() {
    var tries = PasswordTries()
    #expect(tries.delay(.seconds(1), now: 1000) == .zero)
    #expect(tries.delay(.seconds(60), upTo: .seconds(10), now: 1000) == .zero)
    let expected: [Duration] = [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) }
    for delay in expected {
      tries.noteWrong(at: 1000)
      #expect(tries.delay(.seconds(1), now: 1000) == delay)
    }
    #expect(tries.delay(.seconds(1), now: 31_000) == .seconds(30))
    #expect(tries.delay(.seconds(1), now: 62_000) == .zero)
    #expect(tries.delay(.zero, now: 1000) == .zero)
    for _ in 0..<100 { tries.noteWrong(at: 1000) }
    #expect(tries.delay(.seconds(60), now: 1000) == .seconds(60))
    #expect(tries.delay(.seconds(60), upTo: .seconds(10), now: 1000) == .seconds(10))
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
    try ann.expect("PRIVMSG")
    server.stop()
    #expect(try !ann.readToEnd().commands.contains("381"))
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
    "a subscriber is remembered across connections, until it is long ago or many others guess",
    arguments: [
      ("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::9:2", "2001:db8:0:1::1"),
    ])
  func guesses(address: String, same: String, other: String) {
    var guesses = PasswordGuesses()
    let second = Duration.seconds(1)
    #expect(guesses.takeTurn(address, second, now: 1000) == .free)
    #expect(guesses.takeTurn(same, second, now: 1000) == .free)
    guesses.settle(.free, of: address, isWrong: true, now: 1000)
    #expect(guesses.takeTurn(same, second, now: 1000) == .wait(second))
    #expect(guesses.takeTurn(other, second, now: 1000) == .free)
    for number in 1...10 {
      guesses.settle(.free, of: same, isWrong: true, now: 1000 + Int64(number))
    }
    #expect(guesses.takeTurn(address, second, now: 1010) == .wait(PasswordGuesses.greatestDelay))
    let later = 1011 + PasswordGuesses.memoryMilliseconds
    #expect(guesses.takeTurn(address, second, now: later) == .free)
    guesses.settle(.free, of: address, isWrong: true, now: later)
    #expect(guesses.takeTurn(address, second, now: later) == .wait(second))
    for number in 1...PasswordGuesses.greatestCount {
      let stranger = "10.0.\(number / 250).\(number % 250)"
      guesses.settle(.free, of: stranger, isWrong: true, now: later + Int64(number))
    }
    #expect(guesses.count < PasswordGuesses.greatestCount)
    #expect(guesses.takeTurn(address, second, now: later) == .free)
  }

  // Or as many passwords would be tried as there are connections, each time.
  @Test("after a wrong password it is one at a time, and a right one does not count")
  func oneTurn() {
    var guesses = PasswordGuesses()
    let second = Duration.seconds(1)
    guesses.settle(.free, of: "192.0.2.1", isWrong: true, now: 0)
    #expect(guesses.takeTurn("192.0.2.1", second, now: 1000) == .alone)
    #expect(guesses.takeTurn("192.0.2.1", second, now: 1000) == .wait(second * 2))
    guesses.settle(.alone, of: "192.0.2.1", isWrong: false, now: 1050)
    #expect(guesses.takeTurn("192.0.2.1", second, now: 1100) == .wait(.milliseconds(900)))
    #expect(guesses.takeTurn("192.0.2.1", second, now: 2000) == .alone)
    guesses.settle(.alone, of: "192.0.2.1", isWrong: true, now: 2000)
    #expect(guesses.takeTurn("192.0.2.1", second, now: 2000) == .wait(second * 2))
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
