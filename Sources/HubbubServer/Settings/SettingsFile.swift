import HubbubSockets
import Yams

/// A settings file: one YAML document, read by the table of options.
public struct SettingsFile: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// Reads it. Waits for the disk; any thread.
  ///
  /// - Throws: `SettingsError`, with what could be read nonetheless.
  public func read() throws(SettingsError) -> ServerSettings {
    let text: String
    do throws(FileError) {
      text = try TextFile.readStrictly(path)
    } catch {
      throw SettingsError([
        SettingsProblem(file: path, text: "the file cannot be read: \(error.reason)")
      ])
    }
    return try Self.parse(text, file: path)
  }

  /// Reads settings from a text.
  ///
  /// - Parameter file: its name, for what is wrong with it and for the names of files in it.
  /// - Throws: `SettingsError`, with what could be read nonetheless.
  public static func parse(_ text: String, file: String) throws(SettingsError) -> ServerSettings {
    let (settings, problems) = try read(
      text, file: file, as: ServerSettings.table, check: ServerSettings.check)
    guard problems.isEmpty, let settings else { throw SettingsError(problems, settings) }
    return settings
  }

  /// Reads any record from a text.
  static func parse<Root>(
    _ text: String, file: String, as table: SettingsRecord<Root>
  ) throws(SettingsError) -> Root {
    let (root, problems) = try read(text, file: file, as: table) { _, _ in }
    guard problems.isEmpty, let root else { throw SettingsError(problems) }
    return root
  }

  /// Reads a record as far as it can be read.
  private static func read<Root>(
    _ text: String, file: String, as table: SettingsRecord<Root>,
    check: (inout Root, inout SettingsReading) -> Void
  ) throws(SettingsError) -> (Root?, [SettingsProblem]) {
    var reading = SettingsReading(file: file, text: text, options: table.options)
    guard let node = try compose(text, file: file), !isNothing(node) else {
      throw SettingsError([SettingsProblem(file: file, text: emptiness)])
    }
    var root = table.read(node, "a mapping of options to values", &reading)
    if root != nil { check(&root!, &reading) }
    return (root, reading.problems)
  }

  private static func isNothing(_ node: Node) -> Bool {
    if case .scalar(let scalar) = node { return scalar.isNull }
    return false
  }

  /// A file of a full disk, or of a copy that was cut short, is no wish for the defaults.
  private static let emptiness =
    "the file says nothing, as if it had been cut short; if that is meant, write {} into it"

  private static func compose(_ text: String, file: String) throws(SettingsError) -> Node? {
    func problem(_ text: String, _ line: Int? = nil, _ column: Int? = nil) -> SettingsError {
      SettingsError([SettingsProblem(file: file, line: line, column: column, text: text)])
    }
    do {
      return try Yams.compose(yaml: text)
    } catch YamlError.scanner(_, let reason, let mark, _),
      YamlError.parser(_, let reason, let mark, _), YamlError.composer(_, let reason, let mark, _)
    {
      if let tab = tab(before: mark, in: text) {
        throw problem(
          "expected spaces, found a tab: YAML is indented with spaces alone", tab.line, tab.column)
      }
      if reason.contains("another document") {
        throw problem("expected one document, found another behind '---'", mark.line, mark.column)
      }
      throw problem("expected YAML: \(reason)", mark.line, mark.column)
    } catch YamlError.duplicatedKeysInMapping(let names, let context) {
      let mark = context.mark
      throw problem("'\(names.joined(separator: "', '"))' is said twice", mark.line, mark.column)
    } catch YamlError.reader(let reason, let offset, _, _) {
      let before = text.prefix(offset ?? 0)
      throw problem(
        "expected YAML: \(reason)", before.count(where: \.isNewline) + 1,
        before.reversed().prefix { !$0.isNewline }.count + 1)
    } catch {
      throw problem("expected YAML: \(error)")
    }
  }

  /// Where a tab indents the line at which the text stopped to be YAML, or the one before.
  private static func tab(before mark: Mark, in text: String) -> (line: Int, column: Int)? {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for line in [mark.line, mark.line - 1] where lines.indices.contains(line - 1) {
      let margin = lines[line - 1].prefix { $0 == " " || $0 == "\t" }
      if let tab = margin.firstIndex(of: "\t") {
        return (line, margin.distance(from: margin.startIndex, to: tab) + 1)
      }
    }
    return nil
  }
}
