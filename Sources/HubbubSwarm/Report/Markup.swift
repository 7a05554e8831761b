/// Small pieces of HTML.
enum Markup {
  /// Text in which nothing is taken for a tag.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  /// A figure: as people read it, with its exact value, and its place in the JSON of the run.
  static func figure(_ path: String, _ value: Double, _ text: String) -> String {
    "<data data-path=\"\(escaped(path))\" value=\"\(value)\">\(escaped(text))</data>"
  }

  static func figure(_ path: String, _ value: Int) -> String {
    figure(path, Double(value), Words.grouped(Int64(value)))
  }

  static func time(_ path: String, _ microseconds: Double) -> String {
    figure(path, microseconds, Words.time(microseconds))
  }

  /// A text of the JSON of the run, as it stands there.
  static func words(_ path: String, _ text: String) -> String {
    "<span data-path=\"\(escaped(path))\">\(escaped(text))</span>"
  }

  /// The JSON whose figures a page shows, for those who want to go on with it, and for tests.
  static func json(_ bytes: [UInt8]) -> String {
    // So that nothing in it can be taken for the end of the script.
    let text = String(decoding: bytes, as: UTF8.self).split(
      separator: "<", omittingEmptySubsequences: false
    ).joined(separator: "\\u003c")
    return "<script type=\"application/json\" id=\"run\">\(text)</script>"
  }

  static func section(_ title: String, _ explanation: String, _ body: String) -> String {
    "<section><h2>\(escaped(title))</h2><p "
      + "class=\"why\">\(escaped(explanation))</p>\(body)</section>\n"
  }

  /// A table that may scroll sideways where it is wider than the window.
  static func table(_ head: [String], _ rows: [[String]]) -> String {
    let top = head.map { "<th>\(escaped($0))</th>" }.joined()
    let body = rows.map { row in "<tr>" + row.map { "<td>\($0)</td>" }.joined() + "</tr>" }
    return "<div class=\"wide\"><table><thead><tr>\(top)</tr></thead><tbody>"
      + body.joined(separator: "\n") + "</tbody></table></div>"
  }

  /// A whole page that needs nothing from elsewhere.
  static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(title))</title>
    <style>\(StyleSheet.text)</style></head>
    <body><main>
    \(body)
    </main></body></html>

    """
  }
}
