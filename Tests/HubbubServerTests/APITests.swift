import Foundation
import HubbubSockets
import HubbubWeb
import IRCWire
import Testing

@testable import HubbubServer

/// What programs look at and do by `/api/v1`.
@Suite("the API") struct APITests {
  /// A server with a web port, accounts and a token of each scope.
  private struct Place {
    let accounts: AccountServer
    var server: TestServer { accounts.server }
    private let tokens: [String: String]

    init() throws {
      var tokens: [String: String] = [:]
      var entries: [AccessToken] = []
      for scope: AccessToken.Scope in [.metrics, .read, .moderate, .admin] {
        let (text, hash) = AccessToken.make()
        tokens["\(scope)"] = text
        entries.append(AccessToken(name: "a-\(scope)", hash: hash, scopes: [scope]))
      }
      self.tokens = tokens
      accounts = try AccountServer {
        $0.history.isEnabled = true
        $0.webEndpoints = [Endpoint(host: "127.0.0.1", port: 0)]
        $0.tokens = entries
      }
    }

    struct Answer {
      let status: Int
      let head: String
      let value: Any

      var object: [String: Any] { value as? [String: Any] ?? [:] }
      var list: [[String: Any]] { value as? [[String: Any]] ?? [] }
      var error: String { object["error"] as? String ?? "" }

      init(_ text: String) throws {
        let end = try #require(text.firstRange(of: "\r\n\r\n"))
        head = String(text[..<end.lowerBound])
        status = try #require(Int(head.dropFirst(9).prefix(3)))
        value = try JSONSerialization.jsonObject(
          with: Data(text[end.upperBound...].utf8), options: .fragmentsAllowed)
      }
    }

    /// - Parameter scope: of the token; nil: without one.
    func ask(
      _ method: String, _ path: String, _ body: String? = nil, as scope: String? = "admin"
    ) throws -> Answer {
      var fields = method == "GET" ? ["Connection: close"] : []
      if let scope { fields.append("Authorization: Bearer \(tokens[scope] ?? scope)") }
      return try Answer(
        WebTalk.send(method, "/api/v1/\(path)", fields, body: body, to: server.web))
    }
  }

  @Test("the file that describes it needs no token, and names every way with its scope")
  func document() throws {
    let place = try Place()
    let answer = try place.ask("GET", "openapi.json", as: nil)
    #expect(answer.status == 200 && answer.head.contains("Content-Type: application/json"))
    #expect(answer.object["openapi"] as? String == "3.1.0")
    let paths = try #require(answer.object["paths"] as? [String: [String: Any]])
    let ways = paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } }
    #expect(Set(ways) == Set(APIRoute.table.map { "\($0.method) /\($0.path)" }))
    #expect(ways.count == APIRoute.table.count)
    let ban = try #require(paths["/bans/{target}"]?["delete"] as? [String: Any])
    #expect((ban["parameters"] as? [[String: Any]])?.map { $0["name"] as? String } == ["target"])
  }

  @Test(
    "each way needs its scope, and says which",
    arguments: APIRoute.table.indices.filter { APIRoute.table[$0].scope != nil })
  func scopes(index: Int) throws {
    let (place, route) = (try Place(), APIRoute.table[index])
    let path = route.path.replacing("{", with: "").replacing("}", with: "")
    let nobody = try place.ask(route.method, path, as: nil)
    #expect(nobody.status == 401 && nobody.head.contains("WWW-Authenticate: Bearer"))
    #expect(try place.ask(route.method, path, as: "wrong").status == 401)
    let needed = try #require(route.scope)
    let tooLittle = try place.ask(route.method, path, as: "metrics")
    #expect(tooLittle.status == 403 && tooLittle.error.contains("'\(needed)'"))
    if needed == .admin {
      #expect(try place.ask(route.method, path, as: "moderate").status == 403)
    }
    if needed != .read { #expect(try place.ask(route.method, path, as: "read").status == 403) }
  }

  @Test("what is wrong with a request is said")
  func faults() throws {
    let place = try Place()
    #expect(try place.ask("GET", "nothing").status == 404)
    #expect(try place.ask("GET", "rooms/%23none").status == 404)
    let method = try place.ask("DELETE", "bans")
    #expect(method.status == 405 && method.head.contains("Allow: GET, POST"))
    for (body, part) in [
      ("[]", "JSON object"), ("{", "JSON object"), ("{\"target\": {}}", "JSON object"),
      ("{}", "'target'"), ("{\"target\": \"\"}", "'target'"), ("{\"target\": 1}", "'target'"),
      ("{\"target\": \"a@b\", \"why\": \"x\"}", "not known"),
      ("{\"target\": \"*@*\"}", "not of everybody"),
      ("{\"target\": \"a@b\", \"duration\": \"soon\"}", "30m"),
    ] {
      let answer = try place.ask("POST", "bans", body)
      #expect(answer.status == 400 && answer.error.contains(part), "\(body): \(answer.error)")
    }
    #expect(try place.ask("GET", "audit?limit=none").status == 400)
    #expect(try place.ask("GET", "bans").list.isEmpty)
  }

  @Test("whoever has no token is answered before the body has come")
  func bodyBehindToken() throws {
    let place = try Place()
    let head = "POST /api/v1/bans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
    #expect(try WebTalk.talk(head, to: place.server.web).hasPrefix("HTTP/1.1 401 "))
  }

  @Test("rooms, people and what was said; secrets are for 'admin'")
  func looking() throws {
    let place = try Place()
    let bob = try place.server.client("bob", capabilities: ["echo-message"])
    for line in ["JOIN #open", "JOIN #hidden", "TOPIC #open :tea \"at\" five"] {
      _ = try bob.ask(line)
    }
    _ = try bob.ask("MODE #hidden +sk secret")
    _ = try bob.ask("PRIVMSG #open :hello \u{2603}")
    #expect(try place.ask("GET", "server", as: "read").object["people"] as? Int == 1)
    #expect(try place.ask("GET", "rooms", as: "moderate").list.count == 1)
    #expect(try place.ask("GET", "rooms/%23hidden", as: "read").status == 404)
    let all = try place.ask("GET", "rooms").list
    #expect(all.map { $0["name"] as? String } == ["#hidden", "#open"])
    #expect((all[0]["modes"] as? String)?.hasSuffix(" secret") == true)
    let room = try place.ask("GET", "rooms/%23OPEN", as: "read").object
    #expect(room["topic"] as? String == "tea \"at\" five")
    let members = try #require(room["members"] as? [[String: Any]])
    #expect(members.map { $0["nickname"] as? String } == ["bob"])
    #expect(members[0]["status"] as? String == "@" && members[0]["account"] is NSNull)
    #expect(try place.ask("GET", "people", as: "read").list[0]["addresses"] == nil)
    let person = try place.ask("GET", "people").list[0]
    #expect(person["addresses"] as? [String] == ["127.0.0.1"] && person["rooms"] as? Int == 2)
    let said = try place.ask("GET", "rooms/%23open/messages?limit=1").list
    #expect(said.map { $0["text"] as? String } == ["hello \u{2603}"])
    #expect((said.first?["source"] as? String)?.hasPrefix("bob!") == true)
    #expect(place.server.log.waitForLine(containing: "rooms/messages", "token=a-admin") != nil)
  }

  @Test("somebody is killed, banned and let in again; all are told something")
  func keeping() throws {
    let place = try Place()
    let (ann, bob) = (try place.server.client("ann"), try place.server.client("bob"))
    let told = try place.ask("POST", "notices", "{\"text\": \"down\\r\\nat 5\"}", as: "moderate")
    #expect(told.object["told"] as? Int == 2)
    let notice = try ann.read { $0.command == "NOTICE" }.last
    #expect(notice?.parameters == ["ann", "down at 5"])
    #expect(try place.ask("POST", "people/nobody/kill", as: "moderate").status == 404)
    let killed = try place.ask("POST", "people/BOB/kill", "{\"reason\": \"noise\"}")
    #expect((killed.object["killed"] as? String)?.hasPrefix("bob!") == true)
    #expect(try bob.readToEnd().last?.parameters.last?.contains("noise") == true)

    let ban = "{\"target\": \"127.0.0.0/8\", \"duration\": \"7d\", \"reason\": \"enough\"}"
    let banned = try place.ask("POST", "bans", ban, as: "moderate")
    #expect(banned.status == 201 && banned.object["ended"] as? Int == 1)
    _ = try ann.readToEnd()
    let entry = try place.ask("GET", "bans", as: "moderate").list
    #expect(entry.map { $0["setBy"] as? String } == ["token:a-moderate"])
    #expect(entry.first?["expiresAt"] is String)
    #expect(try place.ask("DELETE", "bans/192.0.2.1").status == 404)
    #expect(try place.ask("DELETE", "bans/127.0.0.0%2F8", as: "moderate").status == 200)
    try place.server.client("ann").close()
    for command in ["KILL", "BAN", "UNBAN", "NOTICE"] {
      #expect(
        place.server.log.waitForLine(containing: "command=\(command)", "token=a-") != nil,
        "\(command)")
    }
  }

  @Test("a message is taken back, whoever has said it, in a hidden room as well")
  func takingBack() throws {
    let place = try Place()
    let (bob, cem) = (
      try place.server.client("bob"),
      try place.server.client("cem", capabilities: ["draft/message-redaction", "message-tags"])
    )
    _ = try bob.ask("JOIN #r")
    _ = try bob.ask("MODE #r +s")
    _ = try cem.ask("JOIN #r")
    _ = try bob.ask("PRIVMSG #r :secret")
    let path = "rooms/%23r/messages"
    let said = try place.ask("GET", "\(path)?limit=1").list
    let id = try #require(said.first?["id"] as? String)
    #expect(try place.ask("DELETE", "\(path)/none", as: "admin").status == 404)
    #expect(try place.ask("DELETE", "\(path)/\(id)", as: "read").status == 403)
    #expect(try place.ask("DELETE", "\(path)/\(id)").object["redacted"] as? String == id)
    let redaction = try cem.expect("REDACT")
    #expect(redaction.parameters == ["#r", id] && redaction.source?.name == "hubbub.local")
    #expect(
      try place.ask("GET", "\(path)?limit=9").list.allSatisfy { $0["text"] as? String != "secret" })
    #expect(
      place.server.log.waitForLine(containing: "command=REDACT", "token=a-admin") != nil)
  }

  @Test("something is said in a room, as a bot")
  func saying() throws {
    let place = try Place()
    let bob = try place.server.client("bob")
    _ = try bob.ask("JOIN #r")
    let path = "rooms/%23r/messages"
    #expect(try place.ask("POST", path, "{\"text\": \"one\\ntwo\"}").object["said"] as? Int == 2)
    let told = try bob.read { $0.parameters.last == "two" }
    #expect(told.texts == ["one", "two"] && told.last?.source?.name == "a-admin")
    _ = try bob.ask("MODE #r +b a-admin!*@*")
    _ = try bob.ask("KICK #r a-admin")
    let refused = try place.ask("POST", path, "{\"text\": \"three\"}")
    #expect(refused.status == 409 && refused.error.contains("cannot be said"))
  }

  @Test("accounts are made, given a new password, suspended and opened again")
  func accounts() throws {
    let place = try Place()
    let body = "{\"name\": \"ann\", \"password\": \"\(AccountServer.password)\"}"
    #expect(try place.ask("POST", "accounts", "{\"name\": \"ann\"}").status == 400)
    let short = try place.ask("POST", "accounts", "{\"name\": \"ann\", \"password\": \"x\"}")
    #expect(short.status == 400 && short.error.contains("bytes"))
    let badName = "{\"name\": \"1 2\", \"password\": \"\(AccountServer.password)\"}"
    #expect(try place.ask("POST", "accounts", badName).status == 400)
    #expect(try place.ask("POST", "accounts", body).object["recoveryCode"] is String)
    #expect(try place.ask("POST", "accounts", body).status == 409)
    #expect(try place.ask("GET", "accounts").list.map { $0["name"] as? String } == ["ann"])
    let ann = try place.accounts.loggedIn("ann")
    #expect(try place.ask("GET", "people").list[0]["account"] as? String == "ann")
    let suspended = try place.ask("POST", "accounts/ANN/suspend")
    #expect(suspended.object["suspended"] as? Bool == true)
    #expect(try ann.readToEnd().last?.command == "ERROR")
    #expect(try place.ask("GET", "accounts").list[0]["suspended"] as? Bool == true)
    let open = try place.ask("POST", "accounts/ann/suspend", "{\"suspended\": false}")
    #expect(open.object["suspended"] as? Bool == false)
    #expect(try place.ask("POST", "accounts/ann/reset").object["code"] is String)
    #expect(try place.ask("POST", "accounts/bob/reset").status == 404)
    let audit = try place.ask("GET", "audit?limit=2").list
    #expect(audit.count == 2 && audit.allSatisfy { $0["actor"] as? String == "token:a-admin" })
  }
}
