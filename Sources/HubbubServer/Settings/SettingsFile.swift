import HubbubThreads
import Yams

/// A settings file: one YAML document, read by the table of options.
public struct SettingsFile: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// Reads it. Waits for the disk; any thread.
  public func read() throws(SettingsError) -> ServerSettings {
    let text: String
    do throws(SystemError) {
      text = try TextFile.read(path)
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
  public static func parse(_ text: String, file: String) throws(SettingsError) -> ServerSettings {
    try parse(text, file: file, as: ServerSettings.table, check: ServerSettings.check)
  }

  /// Reads any record from a text. An empty text is an empty mapping.
  static func parse<Root>(
    _ text: String, file: String, as table: SettingsRecord<Root>,
    check: (inout Root, inout SettingsReading) -> Void = { _, _ in }
  ) throws(SettingsError) -> Root {
    var reading = SettingsReading(file: file)
    guard let node = try compose(text, file: file) else { return table.initial }
    if case .scalar(let scalar) = node, scalar.isNull { return table.initial }
    guard var root = table.read(node, "a mapping of options to values", &reading) else {
      throw SettingsError(reading.problems)
    }
    check(&root, &reading)
    guard reading.problems.isEmpty else { throw SettingsError(reading.problems) }
    return root
  }

  private static func compose(_ text: String, file: String) throws(SettingsError) -> Node? {
    func problem(_ text: String, _ line: Int? = nil, _ column: Int? = nil) -> SettingsError {
      SettingsError([SettingsProblem(file: file, line: line, column: column, text: text)])
    }
    do {
      return try Yams.compose(yaml: text)
    } catch YamlError.scanner(_, let reason, let mark, _),
      YamlError.parser(_, let reason, let mark, _), YamlError.composer(_, let reason, let mark, _)
    {
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
}
