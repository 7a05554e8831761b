import HubbubSockets
import Yams

// The kinds of value that are made of others.

extension SettingsType {
  /// A value that may be missing, which `null` says. Nothing at all does not: it may be a value
  /// that got lost, as a room's name without quotes does.
  static func optional<Wrapped>(_ type: SettingsType<Wrapped>) -> Self where Value == Wrapped? {
    Self(
      "\(type.expectation), or null", parts: type.parts, options: type.options,
      read: { node, reading in
        if node.isEmpty {
          reading.expected("\(type.expectation), or null", node)
          return nil
        }
        if case .scalar(let scalar) = node, scalar.isNull { return .some(nil) }
        return type.read(node, &reading).map(Optional.some)
      },
      write: { $0.map(type.write) ?? .plain("null") })
  }

  /// Several values of one kind. One that is wrong does not hide what is wrong with the next.
  static func list<Element>(of type: SettingsType<Element>) -> Self where Value == [Element] {
    Self(
      "a list, of each: \(type.expectation)", parts: type.parts,
      options: type.options.map { "[]\($0)" },
      read: { node, reading in
        guard case .sequence(let sequence) = node else {
          reading.expected("a list, of each: \(type.expectation)", node)
          return nil
        }
        let values = sequence.enumerated().map { index, node in
          reading.within("[\(index + 1)]", at: node.mark) { type.read(node, &$0) }
        }
        return values.compactMap { $0 }
      },
      write: { Node($0.map(type.write)) })
  }

  /// A mapping whose names and values a table of keys describes.
  static func record(_ record: SettingsRecord<Value>, _ expectation: String) -> Self {
    Self(
      expectation, parts: record.explanations, options: record.options.map { ".\($0)" },
      read: { node, reading in record.read(node, expectation, &reading) },
      write: record.write)
  }
}

extension SettingsType where Value == [String]? {
  /// Lines for people to read: written here, or in a file that is read now.
  static let lines = Self(
    "a text, or {file: NAME} for the text of a file, or null",
    read: { node, reading in
      switch node {
      case .scalar(let scalar) where !node.isEmpty:
        return .some(scalar.isNull ? nil : TextFile.lines(scalar.string))
      case .mapping(let mapping) where mapping.count == 1:
        guard let name = mapping["file"] else { break }
        return reading.within("file") { readLines(name, &$0) }
      default: break
      }
      reading.expected("a text, or {file: NAME} for the text of a file, or null", node)
      return nil
    },
    write: { lines in
      lines.map { Node($0.joined(separator: "\n") + "\n", .implicit, .literal) } ?? .plain("null")
    })

  private static func readLines(_ name: Node, _ reading: inout SettingsReading) -> [String]?? {
    guard let path = SettingsType<String>.file.read(name, &reading) else { return nil }
    do throws(FileError) {
      return .some(TextFile.lines(try TextFile.read(path)))
    } catch {
      reading.note("'\(path)' cannot be read: \(error.reason)", at: name.mark)
      return nil
    }
  }
}
