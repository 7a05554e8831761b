/// Who sent a message: a server's name, or `nickname!user@host`.
public struct Source: Sendable, Equatable, CustomStringConvertible {
  /// A nickname, or the name of a server.
  public var name: String

  /// nil where the line did not say.
  public var user: String?

  /// nil where the line did not say.
  public var host: String?

  public init(name: String, user: String? = nil, host: String? = nil) {
    self.name = name
    self.user = user
    self.host = host
  }

  /// Takes `name[[!user]@host]` apart.
  public init(_ text: String) {
    var rest = text.utf8[...]
    if let at = rest.firstIndex(of: Ascii.at) {
      host = String(rest[rest.index(after: at)...])
      rest = rest[..<at]
    }
    if let mark = rest.firstIndex(of: 0x21) {
      user = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    name = String(rest)!
  }

  public var description: String {
    name + (user.map { "!\($0)" } ?? "") + (host.map { "@\($0)" } ?? "")
  }
}
