/// Asks for all that becomes of a range of keys, from a revision on.
struct EtcdWatch: Encodable {
  private let request: Request

  private struct Request: Encodable {
    let key: EtcdBytes
    let end: EtcdBytes
    let first: String

    /// One part of the answer would otherwise hold a thousand revisions, however large.
    let fragment = true

    private enum CodingKeys: String, CodingKey {
      case key, fragment
      case end = "range_end"
      case first = "start_revision"
    }
  }

  init(_ range: EtcdKeyRange, from revision: Int64) {
    request = Request(key: range.start, end: range.end, first: String(revision))
  }

  private enum CodingKeys: String, CodingKey {
    case request = "create_request"
  }

  struct Event: Decodable {
    let isDeletion: Bool
    let subject: EtcdKeyValue

    private enum CodingKeys: String, CodingKey {
      case type, kv
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      isDeletion = try fields.decodeIfPresent(String.self, forKey: .type) == "DELETE"
      subject = try fields.decode(EtcdKeyValue.self, forKey: .kv)
    }
  }

  struct Part: Decodable {
    let events: [Event]

    /// Whether more of the last revision may follow.
    let isFragment: Bool
    let isCanceled: Bool
    let cancelReason: String?

    /// The first revision that is still there, where an earlier one was asked for; otherwise 0.
    let compactRevision: Int64

    private enum CodingKeys: String, CodingKey {
      case events, fragment, canceled
      case cancelReason = "cancel_reason"
      case compactRevision = "compact_revision"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      events = try fields.list(.events)
      isFragment = try fields.flag(.fragment)
      isCanceled = try fields.flag(.canceled)
      cancelReason = try fields.decodeIfPresent(String.self, forKey: .cancelReason)
      compactRevision = try fields.number(.compactRevision)
    }
  }
}
