/// The header fields of a request or an answer, in their order. Names are compared without case.
public struct HTTPFields: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  public private(set) var all: [Field] = []

  public struct Field: Sendable, Equatable {
    /// As it was written.
    public let name: String
    public let value: String
  }

  public init() {}

  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { append(name, value) }
  }

  public var count: Int { all.count }

  /// Adds a field behind the others, also where one of this name is there.
  public mutating func append(_ name: String, _ value: String) {
    all.append(Field(name: name, value: value))
  }

  /// The values of all fields of a name, in their order.
  public func values(of name: String) -> [String] {
    all.filter { Self.isSame($0.name, name) }.map(\.value)
  }

  /// The first value of a name; nil where there is no such field.
  public subscript(name: String) -> String? {
    all.first { Self.isSame($0.name, name) }?.value
  }

  /// The elements of a list that may be spread over several fields (RFC 9110 section 5.6.1),
  /// without the empty ones.
  public func list(_ name: String) -> [String] {
    values(of: name).flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
      .map { Self.trimmed(String($0) ?? "") }.filter { !$0.isEmpty }
  }

  /// Whether a list has an element, whatever its case.
  public func list(_ name: String, has element: String) -> Bool {
    list(name).contains { Self.isSame($0, element) }
  }

  /// Equal but for the case of the letters of ASCII.
  static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy(isSame)
  }

  private static func isSame(_ left: UInt8, _ right: UInt8) -> Bool {
    left == right || (left | 0x20 == right | 0x20 && (left | 0x20) &- 0x61 < 26)
  }

  /// Without spaces and tabs at both ends.
  static func trimmed(_ text: String) -> String {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let bytes = text.utf8.drop(while: isBlank)
    guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(bytes[...last]) ?? ""
  }
}
