import Yams

/// One option of a settings file: its name, its documentation, and where its value goes.
///
/// Reading, writing, comparing and copying all come from here, so that an option cannot be known to
/// one of them and not to another.
struct SettingsKey<Root>: Sendable {
  /// When another value takes effect.
  enum Change: Sendable {
    /// With the reload.
    case atOnce

    /// With the reload, for those who connect afterwards.
    case forLaterConnections

    /// When the server is started again; a reload keeps the old value and says so.
    case afterRestart
  }

  /// `limits.clients`: the part before the dot is the section.
  let name: String

  /// What it is and what happens, in full sentences; without the default, which stands beside it.
  let documentation: String
  let change: Change

  /// Whether the file must say it.
  let isRequired: Bool

  /// What a value looks like.
  let expectation: String

  /// Lines that explain the parts of the value, where it has any.
  let parts: [String]

  /// What can be said in the value, where it is a mapping or a list of them.
  let options: [String]

  /// Reads a value and puts it in its place; false where there is none.
  let read: @Sendable (Node, inout Root, inout SettingsReading) -> Bool
  let write: @Sendable (Root) -> Node
  let isSame: @Sendable (Root, Root) -> Bool
  let copy: @Sendable (Root, inout Root) -> Void

  init<Value>(
    _ name: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ type: SettingsType<Value>,
    takesEffect change: Change = .atOnce, isRequired: Bool = false, _ documentation: String
  ) {
    self.name = name
    self.documentation = documentation
    self.change = change
    self.isRequired = isRequired
    expectation = type.expectation
    parts = type.parts
    options = type.options
    read = { node, root, reading in
      guard let value = type.read(node, &reading) else { return false }
      root[keyPath: path] = value
      return true
    }
    write = { type.write($0[keyPath: path]) }
    isSame = { $0[keyPath: path] == $1[keyPath: path] }
    copy = { $1[keyPath: path] = $0[keyPath: path] }
  }
}
