import Yams

/// A mapping in a settings file: the options it may have, and what they are where it does not say.
struct SettingsRecord<Root: Equatable & Sendable>: Sendable {
  let initial: Root
  let keys: [SettingsKey<Root>]

  /// What no key can know alone, asked when nothing else is wrong: what is wrong with it, if
  /// anything.
  var fault: @Sendable (Root) -> String? = { _ in nil }

  /// Reads a mapping, and notes all that is wrong in it; nil where what is left is not enough to
  /// look for more.
  func read(_ node: Node, _ expectation: String, _ reading: inout SettingsReading) -> Root? {
    guard case .mapping(let mapping) = node else {
      reading.expected(expectation, node)
      return nil
    }
    let before = reading.problems.count
    var root = initial
    var seen: [String: Bool] = [:]
    read(mapping, section: "", &root, &seen, &reading)
    let required = keys.filter(\.isRequired)
    for key in required where seen[key.name] == nil {
      reading.note("'\(key.name)' is missing: \(key.expectation)", at: node.mark)
    }
    if reading.problems.count == before, let fault = fault(root) {
      reading.note(fault, at: node.mark)
    }
    return required.allSatisfy { seen[$0.name] == true } ? root : nil
  }

  /// Reads the options of one section, and remembers in `seen` which were there and could be read;
  /// the section of the outermost ones has no name.
  private func read(
    _ mapping: Node.Mapping, section: String, _ root: inout Root, _ seen: inout [String: Bool],
    _ reading: inout SettingsReading
  ) {
    for (nameNode, node) in mapping {
      guard case .scalar(let scalar) = nameNode else {
        reading.expected("the name of an option", nameNode)
        continue
      }
      let name = section + scalar.string
      let mark = nameNode.mark
      if let key = keys.first(where: { $0.name == name }) {
        seen[name] = reading.within(scalar.string, at: mark) { key.read(node, &root, &$0) }
      } else if isSection(name) {
        reading.within(scalar.string, at: mark) {
          readSection(node, name + ".", &root, &seen, &$0)
        }
      } else {
        reading.note(unknown(scalar.string, in: section, reading.options), at: mark)
      }
    }
  }

  private func readSection(
    _ node: Node, _ section: String, _ root: inout Root, _ seen: inout [String: Bool],
    _ reading: inout SettingsReading
  ) {
    switch node {
    case .mapping(let mapping): read(mapping, section: section, &root, &seen, &reading)
    case .scalar(let scalar) where scalar.isNull:
      reading.expected("options of '\(section.dropLast())', or {} for none", node)
    default:
      let names = names(in: section).joined(separator: ", ")
      reading.expected("a mapping with any of \(names)", node)
    }
  }

  private func isSection(_ name: String) -> Bool {
    keys.contains { $0.name.hasPrefix(name + ".") }
  }

  /// The options of a section, and the sections within it, each once and in the table's order.
  private func names(in section: String) -> [String] {
    var names: [String] = []
    for key in keys where key.name.hasPrefix(section) {
      let name = String(key.name.dropFirst(section.count).prefix { $0 != "." })
      if names.last != name { names.append(name) }
    }
    return names
  }

  /// - Parameter options: all that can be said in the file.
  private func unknown(_ name: String, in section: String, _ options: [String]) -> String {
    let known = names(in: section)
    let expected =
      "expected \(section.isEmpty ? "an option" : "an option of '\(section.dropLast())'")"
    let found = "\(expected), found '\(name.cut(toBytes: 60))'"
    let elsewhere = options.filter { $0.hasSuffix(".\(name)") || $0 == name }
    if !elsewhere.isEmpty {
      return "\(found); did you mean '\(elsewhere.joined(separator: "' or '"))'?"
    }
    if let close = Spelling.closest(to: name, among: known) {
      return "\(found); did you mean '\(close)'?"
    }
    return "\(found); there are \(known.joined(separator: ", "))"
  }

  /// All that can be said in it, by full names.
  var options: [String] {
    keys.flatMap { key in [key.name] + key.options.map { key.name + $0 } }
  }

  /// The mapping that says the same.
  func write(_ root: Root) -> Node { write(root, section: "") }

  private func write(_ root: Root, section: String) -> Node {
    Node(
      names(in: section).map { name in
        let key = keys.first { $0.name == section + name }
        let value = key?.write(root) ?? write(root, section: section + name + ".")
        return (Node.plain(name), value)
      })
  }

  /// A line for each option, for the comments above a value of this kind.
  var explanations: [String] {
    keys.flatMap { key in
      ["\(key.name): \(key.expectation)\(key.isRequired ? "; required" : "")."]
        + ["  \(key.documentation)"]
    }
  }
}
