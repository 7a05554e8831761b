import IRCWire
import Logging

/// The server's log lines: one an event, as text for people or as JSON for programs.
public struct ServerLog: LogHandler {
  /// How a line is written.
  public enum Format: String, Sendable, CaseIterable {
    case text, json
  }

  public var logLevel: Logger.Level
  public var metadata: Logger.Metadata = [:]
  private let format: Format
  private let writer: LogWriter

  public init(level: Logger.Level, format: Format, writer: LogWriter) {
    logLevel = level
    self.format = format
    self.writer = writer
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    let fields = (event.metadata ?? [:]).merging(metadata) { own, _ in own }
      .sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    let time = Timestamp.now.description
    writer.write(
      format == .json
        ? Self.json(
          [("time", time), ("level", "\(event.level)"), ("event", "\(event.message)")] + fields)
        : "\(time) \(event.level) \(event.message)"
          + fields.map { " \($0.0)=\(Self.quoted($0.1))" }.joined())
  }

  /// A value that cannot be mistaken for another field, and cannot break the line.
  private static func quoted(_ value: String) -> String {
    let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x22 && $0 < 0x7F && $0 != 0x3D }
    return isPlain ? value : "\"\(escaped(value))\""
  }

  private static func json(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\"\($0.0)\":\"\(escaped($0.1))\"" }.joined(separator: ",") + "}"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
