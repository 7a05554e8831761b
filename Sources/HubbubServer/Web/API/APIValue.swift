import FoundationEssentials

/// What the API says and is told: JSON, with the members of an object in their order.
indirect enum APIValue: Encodable {
  case null
  case bool(Bool)
  case int(Int64)
  case string(String)
  case list([APIValue])
  case object([(String, APIValue)])

  static func int(_ value: Int) -> APIValue { .int(Int64(value)) }
  static func optional(_ value: String?) -> APIValue { value.map { .string($0) } ?? .null }
  static func strings(_ values: [String]) -> APIValue { .list(values.map { .string($0) }) }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let members):
      var container = encoder.container(keyedBy: Key.self)
      for (name, value) in members {
        try container.encode(value, forKey: Key(stringValue: name))
      }
    case .list(let values):
      var container = encoder.unkeyedContainer()
      for value in values { try container.encode(value) }
    case .null: try Self.encode(into: encoder) { try $0.encodeNil() }
    case .bool(let value): try Self.encode(into: encoder) { try $0.encode(value) }
    case .int(let value): try Self.encode(into: encoder) { try $0.encode(value) }
    case .string(let value): try Self.encode(into: encoder) { try $0.encode(value) }
    }
  }

  private static func encode(
    into encoder: any Encoder, _ body: (inout any SingleValueEncodingContainer) throws -> Void
  ) throws {
    var container = encoder.singleValueContainer()
    try body(&container)
  }

  var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("What the API says is text and numbers.")
    }
    return Array(data)
  }
}
