/// What is done to the client's files before they are sent: they are written for people, and sent
/// to browsers.
enum ClientSource {
  /// Without indentation, empty lines and lines that are nothing but comment. That makes them a
  /// tenth smaller even when compressed; anything cleverer would need a parser of JavaScript.
  ///
  /// No text of ours goes over several lines, and a line of a script that begins with `//` or lies
  /// between `/**` and `*/` is a comment. A test runs the client as it is sent.
  static func shortened(_ bytes: [UInt8], of name: String) -> [UInt8] {
    let isScript = name.hasSuffix(".js")
    var shortened: [UInt8] = []
    var isComment = false
    for line in bytes.split(separator: 0x0A) {
      let text = line.drop { $0 == 0x20 }
      if isScript, text.starts(with: Array("/**".utf8)) { isComment = true }
      let isLeftOut = isComment || text.isEmpty || isScript && text.starts(with: [0x2F, 0x2F])
      if isComment, text.suffix(2) == [0x2A, 0x2F] { isComment = false }
      if isLeftOut { continue }
      shortened += name.hasSuffix(".css") ? withoutSpaces(text) : text + [0x0A]
    }
    return shortened
  }

  /// A line of a style sheet without the spaces and the end that mean nothing there.
  private static func withoutSpaces(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var kept: [UInt8] = []
    for (index, byte) in zip(line.indices, line) {
      let next = index + 1 < line.endIndex ? line[index + 1] : 0x20
      let isSpare = kept.last.map(Array(":,;{".utf8).contains) ?? true
      if byte != 0x20 || !isSpare && !Array("{}".utf8).contains(next) { kept.append(byte) }
    }
    return kept
  }

  /// Puts texts in the place of `{{name}}`, made safe for HTML.
  static func filled(_ page: [UInt8], with texts: [String: String]) -> [UInt8] {
    var page = String(decoding: page, as: UTF8.self)
    for (name, text) in texts {
      page = page.split(separator: "{{\(name)}}", omittingEmptySubsequences: false)
        .joined(separator: escaped(text))
    }
    return Array(page.utf8)
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
