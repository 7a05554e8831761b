/// Asks for a key, or for all of a range in the order of keys.
struct EtcdRange: Encodable {
  let key: EtcdBytes
  var end: EtcdBytes?
  var isWithoutValues: Bool?

  init(_ key: EtcdBytes) { self.key = key }

  init(_ range: EtcdKeyRange, isWithoutValues: Bool = false) {
    (key, end) = (range.start, range.end)
    if isWithoutValues { self.isWithoutValues = true }
  }

  private enum CodingKeys: String, CodingKey {
    case key
    case end = "range_end"
    case isWithoutValues = "keys_only"
  }

  struct Answer: Decodable {
    let found: [EtcdKeyValue]

    private enum CodingKeys: String, CodingKey {
      case kvs
    }

    init(from decoder: any Decoder) throws {
      found = try decoder.container(keyedBy: CodingKeys.self).list(.kvs)
    }
  }
}
