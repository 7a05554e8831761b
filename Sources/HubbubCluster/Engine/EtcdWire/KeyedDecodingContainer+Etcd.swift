/// etcd's JSON: numbers are strings, and what is 0, false or empty is left out.
extension KeyedDecodingContainer {
  func number(_ key: Key) throws -> Int64 {
    guard let text = try decodeIfPresent(String.self, forKey: key) else { return 0 }
    guard let number = Int64(text) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "no number")
    }
    return number
  }

  func bytes(_ key: Key) throws -> [UInt8] {
    try decodeIfPresent(EtcdBytes.self, forKey: key)?.bytes ?? []
  }

  func flag(_ key: Key) throws -> Bool {
    try decodeIfPresent(Bool.self, forKey: key) ?? false
  }

  func list<Element: Decodable>(_ key: Key) throws -> [Element] {
    try decodeIfPresent([Element].self, forKey: key) ?? []
  }
}
