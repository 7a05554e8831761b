import Yams

/// Writes a settings file that says the defaults, with everything that can be said in it explained.
public enum SettingsPrint {
  /// The whole file. It reads back as the defaults.
  public static func file() throws -> String {
    let table = ServerSettings.table
    var text = comment(introduction, indent: "")
    var section = ""
    for key in table.keys {
      let parts = key.name.split(separator: ".").map(String.init)
      let isInside = parts.count > 1
      if isInside, parts[0] != section {
        text += text.hasSuffix("\n\n") ? "\(parts[0]):\n" : "\n\(parts[0]):\n"
        section = parts[0]
      } else if !isInside, !text.hasSuffix("\n\n") {
        text += "\n"
      }
      let indent = isInside ? "  " : ""
      text += comment(explanation(of: key), indent: indent)
      let value = try Yams.serialize(
        node: Node([(.plain(parts.last!), key.write(table.initial))]), width: -1)
      for line in value.split(separator: "\n") { text += "\(indent)\(line)\n" }
      if isInside { text += "\n" }
    }
    return text
  }

  /// Settings as a file says them, without explanations. It reads back as the same settings.
  public static func text(of settings: ServerSettings) throws -> String {
    try Yams.serialize(node: ServerSettings.table.write(settings))
  }

  private static let introduction = [
    "Settings of hubbub serve. Every option stands here with its default: leave out what you do "
      + "not change.",
    "Read from the file named by --config, or else from /etc/hubbub/hubbub.yaml, or else from "
      + "hubbub/hubbub.yaml in $XDG_CONFIG_HOME (~/.config), whichever is there. Flags on the "
      + "command line "
      + "win over it. 'hubbub serve --check-config' says what is wrong with it. SIGHUP or an "
      + "operator's "
      + "REHASH read it again; a broken file changes nothing then, nor does an empty one: {} means "
      + "the defaults.",
    "Durations: 500ms, 30s, 2m, 1h, 7d. Sizes: 512, 64KiB, 4MiB. Names of files begin in this "
      + "file's folder.",
  ]

  private static func explanation(of key: SettingsKey<ServerSettings>) -> [String] {
    var lines = [key.documentation, "Expected: \(key.expectation)."]
    switch key.change {
    case .atOnce: break
    case .forLaterConnections: lines.append("A reload changes it for those who connect later.")
    case .afterRestart: lines.append("A change takes effect when the server is started again.")
    }
    return lines + key.parts.map { "  \($0)" }
  }

  private static func comment(_ paragraphs: [String], indent: String) -> String {
    paragraphs.flatMap { wrapped($0, to: 96 - indent.count) }
      .map { "\(indent)# \($0)\n" }.joined()
  }

  /// Breaks a paragraph between words; what is indented stays so.
  private static func wrapped(_ paragraph: String, to width: Int) -> [String] {
    let margin = String(paragraph.prefix { $0 == " " })
    var lines: [String] = []
    var line = margin
    for word in paragraph.split(separator: " ") {
      if line.count + word.count > width, line.count > margin.count {
        lines.append(line)
        line = margin
      }
      line += line.count > margin.count ? " \(word)" : "\(word)"
    }
    return lines + [line]
  }
}
