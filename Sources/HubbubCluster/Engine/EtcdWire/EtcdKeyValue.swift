/// A key with its value; or one that was deleted, with the revision of that as its last.
struct EtcdKeyValue: Decodable {
  let key: [UInt8]
  let value: [UInt8]

  /// The revision at which it was made; 0 where it is not there.
  let createRevision: Int64

  /// The revision at which it was put last.
  let modRevision: Int64

  /// How often it was put since it was made.
  let version: Int64

  /// What it lives by; 0 for nothing.
  let lease: Int64

  private enum CodingKeys: String, CodingKey {
    case key, value, version, lease
    case createRevision = "create_revision"
    case modRevision = "mod_revision"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    key = try fields.bytes(.key)
    value = try fields.bytes(.value)
    createRevision = try fields.number(.createRevision)
    modRevision = try fields.number(.modRevision)
    version = try fields.number(.version)
    lease = try fields.number(.lease)
  }
}
