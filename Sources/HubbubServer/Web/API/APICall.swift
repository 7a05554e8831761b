import FoundationEssentials
import HubbubRooms
import HubbubStore
import HubbubWeb
import IRCWire
import Logging

/// One request to the API, as it is carried out on its connection's own thread. May wait for the
/// disk, under no lock.
struct APICall {
  let hub: Hub
  let token: AccessToken

  /// What the segments in braces are.
  let parameters: [String]
  let query: [(name: String, value: String)]

  /// The body's members.
  private let members: [String: JSONMember]

  private enum JSONMember: Decodable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Bool.self) {
        self = .boolean(value)
      } else if let value = try? container.decode(Int64.self) {
        self = .integer(value)
      } else {
        self = .string(try container.decode(String.self))
      }
    }
  }

  /// - Throws: 400 for what is no object with the members that the route takes.
  init(
    _ hub: Hub, _ token: AccessToken, _ route: APIRoute, _ parameters: [String],
    _ query: [(name: String, value: String)], body: [UInt8]
  ) throws(HTTPRefusal) {
    (self.hub, self.token, self.parameters, self.query) = (hub, token, parameters, query)
    if body.isEmpty {
      members = [:]
    } else {
      guard let found = try? JSONDecoder().decode([String: JSONMember].self, from: Data(body))
      else {
        throw HTTPRefusal(.badRequest, "The body is one JSON object of strings and numbers.")
      }
      members = found
    }
    for name in members.keys where !route.body.contains(where: { $0.name == name }) {
      throw HTTPRefusal(
        .badRequest,
        "The body has a member that is not known; there are "
          + "\(route.body.map(\.name).joined(separator: ", ")).")
    }
    for field in route.body {
      let isRight =
        switch (members[field.name], field.kind) {
        case (nil, _): !field.isRequired
        case (.string(let text), .string): !field.isRequired || !text.isEmpty
        case (.integer, .integer), (.boolean, .boolean): true
        default: false
        }
      guard isRight else {
        throw HTTPRefusal(.badRequest, "The body needs '\(field.name)' (\(field.kind)).")
      }
    }
  }

  func string(_ name: String) -> String? {
    if case .string(let text) = members[name] { text } else { nil }
  }

  func boolean(_ name: String) -> Bool? {
    if case .boolean(let value) = members[name] { value } else { nil }
  }

  func queryNumber(_ name: String, upTo limit: Int) throws(HTTPRefusal) -> Int? {
    guard let text = query.first(where: { $0.name == name })?.value else { return nil }
    guard let number = Int(text), number > 0 else {
      throw HTTPRefusal(.badRequest, "'\(name)' is a number from 1 on.")
    }
    return min(number, limit)
  }

  var mayAdminister: Bool { token.scopes.contains(.admin) }

  /// By whom something was done, for the audit log of the accounts.
  var actor: String { "token:\(token.name)" }

  /// Writes down what was changed.
  func audit(_ what: String, _ details: Logger.Metadata) {
    var metadata = details
    metadata["command"] = "\(what)"
    metadata["token"] = "\(token.name)"
    hub.logger.notice("api", metadata: metadata)
  }

  func accounts() throws(HTTPRefusal) -> AccountService {
    guard let accounts = hub.accounts else {
      throw HTTPRefusal(.conflict, "This server has no accounts.")
    }
    return accounts
  }

  /// A room by the first parameter, where the token may know of it.
  func room() throws(HTTPRefusal) -> Room {
    guard let room = hub.registry.room(named: parameters[0]), mayAdminister || !room.isSecret
    else { throw HTTPRefusal(.notFound, "There is no such room.") }
    return room
  }

  func person() throws(HTTPRefusal) -> Member {
    guard let person = hub.registry.member(named: parameters[0]) else {
      throw HTTPRefusal(.notFound, "Nobody is called so here.")
    }
    return person
  }

  func account() throws(HTTPRefusal) -> Account {
    guard let account = try accounts().account(named: parameters[0]) else {
      throw HTTPRefusal(.notFound, "There is no such account.")
    }
    return account
  }

  func stored<Result>(
    _ body: () throws(AccountError) -> Result
  ) throws(HTTPRefusal) -> Result {
    do throws(AccountError) { return try body() } catch {
      throw HTTPRefusal(.conflict, error.answer.text + ".")
    }
  }
}
