import COpenSSL
import HubbubSockets
import IRCWire

/// SCRAM-SHA-256 without channel binding, the client's side (RFC 5802, RFC 7677): the password is
/// shown without being said, and the server shows that it knows it, too.
struct Scram {
  /// What the server sent was not what it must send.
  enum Fault: Error, Equatable {
    case notUnderstood

    /// The password would be found out too easily, or the wait would be too long.
    case rounds(Int)

    /// The server does not know the password: it is another one than it says.
    case serverUnproven
  }

  /// "the hash iteration-count for the SCRAM-SHA-256 SASL mechanism SHOULD be at least 4096"
  /// (RFC 7677, section 4); at the top about a second's work.
  private static let rounds = 4096...4_000_000

  private let name: String
  private let password: String
  private let nonce: String
  private var expected: [UInt8]?

  /// - Parameter nonce: letters that were never used before.
  init(name: String, password: String, nonce: String = Scram.newNonce()) {
    self.name = name
    self.password = password
    self.nonce = nonce
  }

  /// `n,,n=user,r=nonce`
  var first: String { "n,," + firstBare }

  private var firstBare: String { "n=\(Self.escaped(name)),r=\(nonce)" }

  /// The answer to the server's first message: `c=biws,r=…,p=…`.
  mutating func answer(to serverFirst: String) throws(Fault) -> String {
    let parts = Self.attributes(serverFirst)
    // "m=" announces an extension that must be understood, and is not (RFC 5802, section 5.1).
    // Once: each costs some thousand rounds of hashing.
    guard expected == nil, parts["m"] == nil, let both = parts["r"], both.hasPrefix(nonce),
      both != nonce,
      let salt = parts["s"].flatMap(Base64.decode), !salt.isEmpty,
      let rounds = parts["i"].flatMap({ Int($0) })
    else { throw .notUnderstood }
    guard Self.rounds.contains(rounds) else { throw .rounds(rounds) }
    let salted = Self.stretched(password, salt, rounds)
    let clientKey = KeyedHash.sha256(of: Array("Client Key".utf8), key: salted)
    let withoutProof = "c=biws,r=\(both)"
    let message = Array("\(firstBare),\(serverFirst),\(withoutProof)".utf8)
    let signature = KeyedHash.sha256(of: message, key: Self.hash(clientKey))
    let serverKey = KeyedHash.sha256(of: Array("Server Key".utf8), key: salted)
    expected = KeyedHash.sha256(of: message, key: serverKey)
    let proof = zip(clientKey, signature).map { $0 ^ $1 }
    return "\(withoutProof),p=\(Base64.encode(proof))"
  }

  /// Whether the server has shown, in its last message, that it knows the password.
  func check(_ serverFinal: String) throws(Fault) {
    guard let expected, let shown = Self.attributes(serverFinal)["v"].flatMap(Base64.decode),
      shown == expected
    else { throw .serverUnproven }
  }

  /// `a=b,c=d`
  private static func attributes(_ text: String) -> [String: String] {
    var result: [String: String] = [:]
    for part in text.split(separator: ",") where part.dropFirst().first == "=" {
      result[String(part.prefix(1))] = String(part.dropFirst(2))
    }
    return result
  }

  /// "The characters ',' or '=' in usernames are sent as '=2C' and '=3D' respectively."
  private static func escaped(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1 == "," ? "=2C" : $1 == "=" ? "=3D" : String($1) }
  }

  private static func stretched(_ password: String, _ salt: [UInt8], _ rounds: Int) -> [UInt8] {
    let password = Array(password.utf8).map { CChar(bitPattern: $0) }
    var key = [UInt8](repeating: 0, count: 32)
    let code = PKCS5_PBKDF2_HMAC(
      password, Int32(password.count), salt, Int32(salt.count), Int32(rounds), EVP_sha256(),
      Int32(key.count), &key)
    precondition(code == 1, "OpenSSL has no PBKDF2.")
    return key
  }

  private static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 32)
    let code = EVP_Digest(bytes, bytes.count, &result, nil, EVP_sha256(), nil)
    precondition(code == 1, "OpenSSL has no SHA-256.")
    return result
  }

  /// Random, from the system: 144 bits.
  private static func newNonce() -> String {
    var random = SystemRandomNumberGenerator()
    return Base64.encode((0..<18).map { _ in UInt8.random(in: 0...255, using: &random) })
  }
}
