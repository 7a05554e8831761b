/// Which lines are kept for Up and Ctrl-R, and in the file.
enum HistoryRule {
  /// Not a line that begins with a space, and none that may hold a password.
  static func keeps(_ line: String) -> Bool {
    guard !line.allSatisfy(\.isWhitespace), line.first != " " else { return false }
    guard case .command(let name, var words) = TypedLine(line) else { return true }
    switch name {
    case .raw:
      let command = words.next()?.uppercased() ?? ""
      return !["PASS", "OPER", "AUTHENTICATE", "REGISTER", "VERIFY"].contains(command)
        && !mentionsSecret(words.rest)
    case .msg, .notice, .query:
      let target = words.next()?.lowercased() ?? ""
      return !(target.contains("serv") || target == "q" || target == "x")
        || !mentionsSecret(words.rest)
    case .join: return words.count < 2  // The second word is a key.
    case .mode:
      return !words.rest.split(separator: " ").contains { $0.hasPrefix("+") && $0.contains("k") }
    default: return true
    }
  }

  private static func mentionsSecret(_ text: Substring) -> Bool {
    let text = text.lowercased()
    return ["identify", "register", "login", "auth", "pass", "ghost", "recover", "oper ", "set "]
      .contains(where: text.contains)
  }
}
