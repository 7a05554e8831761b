/// Does the first where all comparisons hold, otherwise the second; at one revision.
struct EtcdTransaction: Encodable {
  let compare: [Comparison]
  let success: [Operation]
  let failure: [Operation]

  struct Comparison: Encodable {
    let key: EtcdBytes
    let target: String
    var version: String?
    var createRevision: String?

    /// How often a key was put since it was made; 0 where it is not there.
    static func version(of key: EtcdBytes, is number: UInt64) -> Comparison {
      Comparison(key: key, target: "VERSION", version: String(number))
    }

    /// At which revision a key was made; 0 where it is not there.
    static func creation(of key: EtcdBytes, is revision: Int64) -> Comparison {
      Comparison(key: key, target: "CREATE", createRevision: String(revision))
    }

    private enum CodingKeys: String, CodingKey {
      case key, target, version
      case createRevision = "create_revision"
    }
  }

  struct Operation: Encodable {
    private var put: EtcdPut?
    private var range: EtcdRange?

    static func put(_ put: EtcdPut) -> Operation { Operation(put: put) }

    static func read(_ key: EtcdBytes) -> Operation { Operation(range: EtcdRange(key)) }

    private enum CodingKeys: String, CodingKey {
      case put = "request_put"
      case range = "request_range"
    }
  }

  struct Answer: Decodable {
    /// The one at which it was carried out.
    let revision: Int64
    let hasSucceeded: Bool

    /// What each operation found, in their order; nothing for a put.
    let found: [[EtcdKeyValue]]

    private struct Header: Decodable {
      let revision: Int64

      private enum CodingKeys: String, CodingKey {
        case revision
      }

      init(from decoder: any Decoder) throws {
        revision = try decoder.container(keyedBy: CodingKeys.self).number(.revision)
      }
    }

    private struct Response: Decodable {
      let range: EtcdRange.Answer?

      private enum CodingKeys: String, CodingKey {
        case range = "response_range"
      }
    }

    private enum CodingKeys: String, CodingKey {
      case header, succeeded, responses
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      revision = try fields.decode(Header.self, forKey: .header).revision
      hasSucceeded = try fields.flag(.succeeded)
      let responses: [Response] = try fields.list(.responses)
      found = responses.map { $0.range?.found ?? [] }
    }
  }
}
