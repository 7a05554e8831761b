import HubbubRooms
import HubbubSockets
import IRCWire
import Logging
import Yams

// The kinds of value that are one word, number or text.

extension SettingsType where Value == String {
  /// Text on one line.
  static func text(upTo limitBytes: Int = 400) -> Self {
    Self(
      scalar: "a text of one line and at most \(limitBytes) bytes",
      parse: { line($0, upTo: limitBytes) }, write: Node.quoted)
  }

  private static func line(_ text: String, upTo limitBytes: Int) -> String? {
    let isLine = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    return isLine && text.utf8.count <= limitBytes ? text : nil
  }

  /// A password as it is, or its hash. Nothing is no password: it would keep nobody out.
  static let secret = Self(
    scalar: "a password that is not blank, or a whole hash as 'hubbub hash-password' prints it",
    parse: { text in
      PasswordHash.isPassword(text) ? line(text, upTo: 400) : nil
    }, write: Node.quoted)

  /// A text without spaces that fits as the middle of a line.
  static func word(_ expectation: String = "one word") -> Self {
    Self(scalar: expectation, parse: { isWord($0) ? $0 : nil }, write: Node.quoted)
  }

  static let serverName = Self(
    scalar: "a server name: a word with a dot in it, as in chat.example",
    parse: { text in
      isWord(text) && text.contains(".") && !text.contains(where: { "!@*?,".contains($0) })
        ? text : nil
    }, write: Node.quoted)

  static let roomName = Self(
    scalar: "the name of a room, as in '#lobby' (in quotes: YAML takes # for a comment)",
    parse: { Names.isChannel($0, limit: 200) ? $0 : nil }, write: Node.quoted)

  static let roomModes = Self(
    scalar: "modes of a room as MODE takes them, as in '+nt' or '+ntk key'",
    parse: { isRoomModes($0) ? $0 : nil }, write: Node.quoted)

  static let passwordHash = Self(
    scalar: "a password's whole hash, as 'hubbub hash-password' prints it",
    parse: { PasswordHash.isHash($0) ? $0 : nil }, write: Node.quoted)

  /// A file's name; from the settings file's folder on where it does not begin with a slash.
  static let file = Self(
    "the name of a file",
    read: { node, reading in
      guard case .scalar(let scalar) = node, !scalar.isNull, !scalar.string.isEmpty else {
        reading.expected("the name of a file", node)
        return nil
      }
      return TextFile.path(scalar.string, from: reading.file)
    }, write: Node.quoted)

  private static func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 255 && text.utf8.first != UInt8(ascii: ":")
      && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } && Names.isVisible(text)
  }

  private static func isRoomModes(_ text: String) -> Bool {
    let words = text.split(separator: " ").map(String.init)
    guard let letters = words.first else { return true }
    let requests = RoomModes.syntax.parse(letters, parameters: Array(words.dropFirst()))
    return requests.allSatisfy { request in
      guard case .change(let change) = request else { return false }
      return isOfRoom(change)
    }
  }

  /// Not of its members or lists, which are not there yet, and with a parameter that it can have.
  private static func isOfRoom(_ change: ModeChange) -> Bool {
    let syntax = RoomModes.syntax
    guard change.isAdding, let parameter = change.parameter else {
      // A registered room is no setting.
      return change.mode != "r"
        && (syntax.flags + syntax.always + syntax.whenSet).contains(change.mode)
    }
    switch change.mode {
    case "f": return Names.isChannel(parameter, limit: 200)
    case "k": return RoomModes.isKey(parameter, limit: 255)
    case "l": return RoomModes.isLimit(parameter)
    default: return false
    }
  }
}

extension SettingsType where Value == Bool {
  static let flag = Self(
    scalar: "true or false", parse: { Bool($0) }, write: { .plain("\($0)") })
}

extension SettingsType where Value == Int {
  static func count(_ range: ClosedRange<Int>) -> Self {
    Self(
      scalar: "a number from \(range.lowerBound) to \(range.upperBound)",
      parse: { text in Quantity.number(text).flatMap { range.contains($0) ? $0 : nil } },
      write: { .plain("\($0)") })
  }

  static func bytes(_ range: ClosedRange<Int>) -> Self {
    let (least, most) = (Quantity.bytes(range.lowerBound), Quantity.bytes(range.upperBound))
    return Self(
      scalar: range.upperBound < 1024
        ? "a number of bytes from \(least) to \(most)"
        : "a size from \(least) to \(most), as in 512, 64KiB or 4MiB",
      parse: { text in Quantity.bytes(text).flatMap { range.contains($0) ? $0 : nil } },
      write: { .plain(Quantity.bytes($0)) })
  }
}

extension SettingsType where Value == UInt16 {
  static let port = Self(
    scalar: "a port from 1 to 65535",
    parse: { text in
      Quantity.number(text).flatMap { (1...65535).contains($0) ? UInt16($0) : nil }
    }, write: { .plain("\($0)") })
}

extension SettingsType where Value == Duration {
  static func duration(_ range: ClosedRange<Duration>) -> Self {
    let least = Quantity.duration(range.lowerBound)
    let most = Quantity.duration(range.upperBound)
    return Self(
      scalar: "a duration from \(least) to \(most), as in 500ms, 30s, 2m, 1h or 7d",
      parse: { text in Quantity.duration(text).flatMap { range.contains($0) ? $0 : nil } },
      write: { .plain(Quantity.duration($0)) })
  }
}

extension SettingsType where Value == Endpoint {
  static let endpoint = Self(
    scalar: "an address to listen on, as in '127.0.0.1:6667', '*:6667' or '[::1]:6697', or a port",
    parse: { Endpoint($0) }, write: { .quoted("\($0)") })
}

extension SettingsType where Value == Endpoint {
  /// The port that browsers are sent to where none is said.
  static let webPort: UInt16 = 8080

  static let webEndpoint = Self(
    scalar: "an address for browsers, as in '127.0.0.1:8080' or '*:8080', or a port",
    parse: { Endpoint($0, defaultPort: webPort) }, write: { .quoted("\($0)") })
}

extension SettingsType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of a few words.
  static var choice: Self {
    let words = Value.allCases.map(\.rawValue)
    return Self(
      scalar: words.dropLast().joined(separator: ", ") + " or " + words.last!,
      parse: { Value(rawValue: $0) }, write: { .plain($0.rawValue) })
  }
}
