/// Deletes all keys of a range, at one revision.
struct EtcdDeletion: Encodable {
  let key: EtcdBytes
  let end: EtcdBytes

  init(_ range: EtcdKeyRange) { (key, end) = (range.start, range.end) }

  private enum CodingKeys: String, CodingKey {
    case key
    case end = "range_end"
  }
}
