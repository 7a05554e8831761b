/// Lines of the protocol as a person reads them who has nothing but a terminal (netcat, telnet).
public enum TerminalText {
  /// A message in words, with its ending; empty where a person need not know of it.
  public static func line(_ message: Message) -> [UInt8] {
    guard let text = words(message) else { return [] }
    let shown = text.unicodeScalars.map(harmless).joined()
    return Array(shown.utf8) + [Ascii.carriageReturn, Ascii.lineFeed]
  }

  private static func words(_ message: Message) -> String? {
    let who = message.source?.name ?? ""
    let parameters = message.parameters
    let first = parameters.first ?? ""
    let last = parameters.last ?? ""
    switch message.command {
    case "PRIVMSG": return speech(of: who, to: first, last)
    case "NOTICE": return "-\(who)- \(last)"
    case "JOIN": return "* \(who) came in"
    case "PART": return "* \(who) left" + reason(parameters, from: 1)
    case "QUIT": return "* \(who) has gone" + reason(parameters, from: 0)
    case "NICK": return "* \(who) is now \(last)"
    case "KICK" where parameters.count > 1:
      return "* \(who) put \(parameters[1]) out" + reason(parameters, from: 2)
    case "TOPIC": return "* \(who) set the topic: \(last)"
    case "MODE": return "* \(who) set \(parameters.dropFirst().joined(separator: " "))"
    case "INVITE": return "* \(who) invites you to \(last)"
    case "ERROR": return "* \(last)"
    case "332": return "* The topic is: \(last)"
    case "353": return "* Here: \(last)"
    default: return numeric(message)
    }
  }

  /// Refusals in their own words; of all else, a person with a terminal need not know.
  private static func numeric(_ message: Message) -> String? {
    guard let number = Int(message.command), (400..<600).contains(number) || number == 301,
      message.parameters.count > 1
    else { return nil }
    let about = message.parameters.dropFirst().dropLast().joined(separator: " ")
    return "* " + (about.isEmpty ? "" : "\(about): ") + message.parameters.last!
  }

  private static func speech(of who: String, to target: String, _ text: String) -> String {
    let isPrivate = !Names.isChannelLike(target)
    if let action = Ctcp.action(text) { return "* \(who) \(action)" }
    return isPrivate ? "<\(who)> (to you) \(text)" : "<\(who)> \(text)"
  }

  private static func reason(_ parameters: [String], from index: Int) -> String {
    parameters.count > index && !parameters[index].isEmpty ? " (\(parameters[index]))" : ""
  }

  /// What a person typed, as it may be said: keys that are no characters, such as the arrows, send
  /// control characters, which are left out.
  public static func typed(_ line: String) -> String {
    let isControl = { (value: UInt32) in value < 0x20 && value != 0x09 || 0x7F..<0xA0 ~= value }
    guard line.unicodeScalars.contains(where: { isControl($0.value) }) else { return line }
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: line.unicodeScalars.filter { !isControl($0.value) })
    return String(kept)
  }

  /// Control characters would reach the terminal as commands to it: colours and bold are left out,
  /// a tab is a space, and what else there is shows as a question mark.
  private static func harmless(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0x09: return " "
    case 0x02, 0x03, 0x0F, 0x11, 0x16, 0x1D, 0x1E, 0x1F: return ""
    case 0..<0x20, 0x7F..<0xA0: return "?"
    default: return String(scalar)
    }
  }
}
