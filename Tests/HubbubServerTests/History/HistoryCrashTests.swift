import Glibc
import HubbubThreads
import IRCWire
import TestSupport
import Testing

/// `hubbub serve --state`, killed and started again.
@Suite struct HistoryCrashTests {
  private static let capabilities = RememberingServer.capabilities

  private static func reader(
    _ server: ServerProcess, _ nickname: String
  ) throws -> ScriptedClient {
    let client = try server.client(nickname)
    _ = try client.ask("CAP REQ :\(capabilities.joined(separator: " "))")
    try client.join("#r")
    return client
  }

  /// All that is stored of the room, page by page.
  private static func all(_ client: ScriptedClient) throws -> [Heard] {
    var found: [Heard] = []
    var reference = "LATEST #r *"
    while true {
      let page = try client.page("\(reference) 200").map(Heard.init)
      guard let first = page.first else { return found }
      found = page + found
      reference = "BEFORE #r msgid=\(first.id!)"
    }
  }

  @Test(
    "after kill -9 everything that a page has shown is there, in its order, whole and once"
  )
  func killed() throws {
    let folder = try TemporaryFolder()
    var known: [Heard] = []
    var ids: Set<String> = []
    for run in 0..<4 {
      let server = try ServerProcess("--state", folder.path)
      let ann = try Self.reader(server, "ann")
      let stored = try Self.all(ann)
      // What a page had shown, in its order, and behind it more of what was said by then.
      let isWhole = stored.allSatisfy { heard in
        let words = heard.words.last!.split(separator: " ")
        return words.count == 2 && words[0] == words[1]
      }
      #expect(isWhole)
      #expect(Array(stored.prefix(known.count)) == known)
      #expect(Set(stored.compactMap(\.id)).count == stored.count)
      for heard in stored { ids.insert(heard.id!) }
      let bob = try Self.reader(server, "bob")
      let writers = try [ann, bob].enumerated().map { index, client in
        try NamedThread(name: "writer-\(index)") {
          for number in 0..<300 {
            let word = "\(run).\(index).\(number)"
            // The server ends in the middle of it.
            guard (try? client.send("PRIVMSG #r :\(word) \(word)")) != nil else { return }
          }
        }
      }
      let cem = try Self.reader(server, "cem")
      known = try Self.all(cem)
      #expect(known.starts(with: stored))
      for heard in known.dropFirst(stored.count) { #expect(ids.insert(heard.id!).inserted) }
      kill(server.processID, SIGKILL)
      _ = server.waitForExit()
      for writer in writers { writer.join() }
    }
    #expect(!known.isEmpty)
  }

  @Test("a second server of the same folder is refused where it was named, and goes without else")
  func twice() throws {
    let folder = try TemporaryFolder()
    let first = try ServerProcess("--state", folder.path)
    #expect(first.log.waitForLine(containing: "history file=\(folder.path)/history.db") != nil)
    let refused = try Tool.run("serve", "--listen", "127.0.0.1:0", "--state", folder.path)
    #expect(refused.exitCode == 78)
    #expect(refused.errors.contains("another running server's: choose another folder"))
    let base = try TemporaryFolder()
    let usual = try ServerProcess(environment: ["XDG_STATE_HOME": base.path])
    let other = try ServerProcess(environment: ["XDG_STATE_HOME": base.path])
    #expect(other.opening.contains("no history"))
    #expect(access(base.path(of: "hubbub/history.db"), F_OK) == 0)
    for server in [first, usual, other] { #expect(server.stop() == 0) }
  }

  @Test("without a word a server says where it keeps history, and with --no-history keeps none")
  func without() throws {
    let base = try TemporaryFolder()
    let server = try ServerProcess(
      "--no-history", environment: ["XDG_STATE_HOME": base.path])
    #expect(server.stop() == 0)
    #expect(access(base.path(of: "hubbub/history.db"), F_OK) != 0)
  }

  @Test("a broken history is moved away, chat goes on, and what is said then is remembered")
  func broken() throws {
    let folder = try TemporaryFolder()
    try folder.write("history.db", String(repeating: "not a database ", count: 1000))
    let server = try ServerProcess("--state", folder.path)
    #expect(server.log.waitForLine(containing: "history was broken") != nil)
    let ann = try Self.reader(server, "ann")
    try ann.say("words")
    #expect(try Self.all(ann).map(\.words.last) == ["words"])
    #expect(server.stop() == 0)
  }
}
