import Glibc
import HubbubDial
import HubbubThreads
import IRCWire

/// Fills the connections of readers that stopped to read, with private messages that nobody else
/// hears. The coordinator's alone.
///
/// The kernel keeps megabytes for a reader, which the talk of a room may take minutes to fill. To
/// speak louder in the room would slow down the very bots that are measured.
struct StalledFiller {
  /// A batch is small beside what any server keeps for a client, so that the filling stops soon
  /// after the connection is full.
  private static let batchLines = 64
  private static let lineBytes = 400

  private let connection: LineConnection
  private var batches = 0

  /// Which reader the batch under way is for; nil where the server has dealt with all of them.
  private var awaited: String?

  /// Whether this connection is gone: the server may take the filling for a flood.
  private(set) var isGone = false

  /// What the server has certainly been given for each reader, in bytes of text.
  private(set) var given: [String: Int] = [:]

  /// Readers of whom the server said that they are not there (any more).
  private(set) var absent: Set<String> = []

  /// Registers. Waits for the server.
  ///
  /// - Throws: `NetworkError`, `TLSError`, `Registration.Failure`, `SystemError`.
  init(_ plan: Plan) throws {
    connection = try plan.open(byWeb: plan.isAllWeb)
    let registration = Registration(
      nickname: "fill-0", userName: "swarm", realName: "Hubbub swarm", password: plan.password,
      takesSimilarNickname: true)
    _ = try registration.perform(on: connection)
  }

  /// Hears what the server has to say, and gives it the next batch for `reader` once it has dealt
  /// with the one before. Waits for nothing.
  ///
  /// - Returns: whether a batch was given, so that it is worth while to come again at once.
  mutating func fill(_ reader: String) -> Bool {
    tend()
    guard !isGone, awaited == nil, !absent.contains(reader) else { return false }
    batches += 1
    awaited = reader
    let text = String(repeating: "x", count: Self.lineBytes)
    let line = "PRIVMSG \(reader) :\(text)\r\n"
    // The server answers one line after another: with the PONG all before it have been dealt with.
    let batch = String(repeating: line, count: Self.batchLines) + "PING fill-\(batches)\r\n"
    do { try connection.send(bytes: Array(batch.utf8)) } catch { isGone = true }
    return !isGone
  }

  /// Hears what the server has to say, until it says nothing.
  mutating func tend() {
    while !isGone {
      do {
        guard let message = try connection.receive(within: .zero) else {
          isGone = true
          return
        }
        try note(message)
      } catch let error as SystemError where error.errno == ETIMEDOUT {
        return
      } catch {
        isGone = true
      }
    }
  }

  /// Ends the connection.
  func leave() { connection.shutDown() }

  private mutating func note(_ message: Message) throws {
    switch message.command {
    case "PING": try connection.send(Message("PONG", message.parameters))
    case "PONG" where message.parameters.last == "fill-\(batches)":
      guard let reader = awaited else { return }
      awaited = nil
      if !absent.contains(reader) {
        given[reader, default: 0] += Self.batchLines * Self.lineBytes
      }
    case "401":  // ERR_NOSUCHNICK
      if message.parameters.count > 1 { absent.insert(message.parameters[1]) }
    default: break
    }
  }
}
