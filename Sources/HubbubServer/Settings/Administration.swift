/// Who runs the server, as ADMIN answers it.
public struct Administration: Sendable, Equatable {
  /// Where the server is, 257.
  public var location = ""

  /// Who runs it, 258.
  public var organization = ""

  /// How to reach them, 259.
  public var email = ""

  public init() {}
}
