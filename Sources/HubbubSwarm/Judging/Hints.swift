/// What a server's refusals mean, and how to lift them.
enum Hints {
  /// The sentence for a run that could not begin.
  static func refused(_ count: Int, of all: Int, reason: String) -> String {
    var text =
      count == all
      ? "No bot could get in: \(reason)"
      : "The server let \(all - count) of \(all) bots in. To the others it said: \(reason)"
    if let hint = hint(for: reason) { text += "\n\(hint)" }
    return text
  }

  /// The same for idle clients.
  static func refusedIdle(reason: String) -> String {
    var text = "The server did not let all idle clients in: \(reason)"
    if let hint = hint(for: reason) { text += "\n\(hint)" }
    return text
  }

  /// How to lift the limit that speaks from `words`; nil where none is known.
  static func hint(for words: String) -> String? {
    let words = words.lowercased()
    return all.first { $0.signs.contains { words.contains($0) } }?.remedy
  }

  private struct Hint {
    /// What the server's words contain, in small letters.
    let signs: [String]
    let remedy: String
  }

  private static let all = [
    Hint(
      signs: [
        "too many connections from", "too many connection", "maximum connections",
        "too many user connections", "max clones", "session limit", "too many clients from",
        "no more connections allowed", "connection throttle", "throttled",
      ],
      remedy: """
        This is the limit of connections from one address. To lift it: ngIRCd: MaxConnectionsIP = \
        0 and MaxConnections = 0 under [Limits]; InspIRCd: localmax, globalmax and maxconnwarn in \
        <connect> and a higher <connectban> threshold; Ergo: exempt 127.0.0.1 under \
        server.ip-limits and server.ip-cloaking; Hubbub: connect from loopback, or raise the limit \
        for each address.
        """),
    Hint(
      signs: ["excess flood", "recvq exceeded", "flood", "too fast", "penalty"],
      remedy: """
        This is flood control. To lift it: ngIRCd: MaxPenaltyTime = 0 under [Limits]; InspIRCd: \
        commandrate, fakelag="no", threshold and recvq in <connect>; Ergo: fakelag.enabled: false; \
        Hubbub: connect from loopback, which is exempt, or pace the bots with --rate.
        """),
    Hint(
      signs: ["sendq", "max sendq", "messages behind", "fell behind", "behind"],
      remedy: """
        A bot did not read as fast as the server sent, and the server's send buffer for it was \
        full. To lift it: InspIRCd: softsendq and hardsendq in <connect>; Ergo: max-sendq; Hubbub: \
        the send limit; or send less with --rate.
        """),
    Hint(
      signs: ["password"],
      remedy: "The server asks for a password: give it with --password."),
    Hint(
      signs: ["connection refused", "was not found"],
      remedy: "Nobody listens there. Is the server running, and is the port right?"),
  ]
}
