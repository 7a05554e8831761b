/// What etcd says instead of an answer: the number of one of gRPC's errors, and its words.
struct EtcdFault: Decodable {
  let code: Int
  let message: String

  /// The numbers that gRPC has for them.
  enum Code {
    static let canceled = 1
    static let unknown = 2
    static let deadlineExceeded = 4
    static let notFound = 5
    static let resourceExhausted = 8
    static let aborted = 10
    static let outOfRange = 11
    static let internalError = 13
    static let unavailable = 14
    static let unauthenticated = 16
  }

  init(code: Int, message: String) { (self.code, self.message) = (code, message) }

  private enum CodingKeys: String, CodingKey {
    case code, message
    case streamCode = "grpc_code"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    code =
      try fields.decodeIfPresent(Int.self, forKey: .code)
      ?? fields.decodeIfPresent(Int.self, forKey: .streamCode) ?? Code.unknown
    message = try fields.decode(String.self, forKey: .message)
  }

  /// Whether the token is not known: it has run out, the server was started again, or a right was
  /// changed since.
  var isAboutToken: Bool {
    code == Code.unauthenticated || message.hasSuffix("invalid auth token")
      || message.hasSuffix("revision of auth store is old")
  }

  /// Whether another server, or the same one later, may do what was asked.
  var isPassing: Bool {
    switch code {
    case Code.canceled, Code.unknown, Code.deadlineExceeded, Code.aborted, Code.internalError,
      Code.unavailable:
      true
    case Code.resourceExhausted: message.hasSuffix("too many requests")
    default: false
    }
  }

  /// In the words of people.
  var reason: String {
    var reason = message[...]
    // "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token"
    for mark in ["desc = ", "etcdserver: "] {
      if let found = reason.firstRange(of: mark) { reason = reason[found.upperBound...] }
    }
    return reason.hasSuffix("database space exceeded") ? "no space" : String(reason)
  }
}
