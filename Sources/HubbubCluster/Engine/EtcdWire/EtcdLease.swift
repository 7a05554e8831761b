/// What is asked and answered about a lease: a key that was put with one goes when the lease does.
enum EtcdLease {
  struct Grant: Encodable {
    let seconds: String

    init(seconds: Int64) { self.seconds = String(seconds) }

    private enum CodingKeys: String, CodingKey {
      case seconds = "TTL"
    }
  }

  /// Keeps a lease alive, or ends it.
  struct Reference: Encodable {
    let id: String

    init(_ id: Int64) { self.id = String(id) }

    private enum CodingKeys: String, CodingKey {
      case id = "ID"
    }
  }

  struct Answer: Decodable {
    let id: Int64

    /// 0 where there is no such lease.
    let seconds: Int64

    private enum CodingKeys: String, CodingKey {
      case id = "ID"
      case seconds = "TTL"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      id = try fields.number(.id)
      seconds = try fields.number(.seconds)
    }
  }
}
