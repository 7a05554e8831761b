/// What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, section 3; RFC 7677). Whoever
/// steals it cannot log in with it, but can try passwords against it.
public struct ScramKeys: Sendable, Equatable {
  public let salt: [UInt8]
  public let iterations: Int
  public let storedKey: [UInt8]
  public let serverKey: [UInt8]

  /// The client computes this many at each login, the server when the password is set.
  public static let usualIterations = 100_000
  private static let saltBytes = 16

  init(salt: [UInt8], iterations: Int, storedKey: [UInt8], serverKey: [UInt8]) {
    (self.salt, self.iterations) = (salt, iterations)
    (self.storedKey, self.serverKey) = (storedKey, serverKey)
  }

  /// Computes the keys of a password. Takes tens of milliseconds by design.
  ///
  /// - Parameters:
  ///   - salt: nil for a new one.
  public init(
    of password: String, salt: [UInt8]? = nil, iterations: Int = ScramKeys.usualIterations
  ) {
    let salt = salt ?? Digest.random(Self.saltBytes)
    // SaltedPassword := Hi(Normalize(password), salt, i). Normalising is left to clients: it
    // changes no ASCII, and PLAIN would have to do the same.
    let salted = Digest.pbkdf2(Array(password.utf8), salt: salt, iterations: iterations)
    let clientKey = Digest.hmac(salted, Array("Client Key".utf8))
    self.init(
      salt: salt, iterations: iterations, storedKey: Digest.sha256(clientKey),
      serverKey: Digest.hmac(salted, Array("Server Key".utf8)))
  }

  /// Keys for an account that does not exist: always the same salt for the same name, so that
  /// nobody finds out which names do. No password leads to them.
  ///
  /// - Parameter secret: the server's own.
  public static func fake(
    for name: String, secret: [UInt8], iterations: Int = ScramKeys.usualIterations
  ) -> ScramKeys {
    func part(_ label: String) -> [UInt8] { Digest.hmac(secret, Array("\(label)\0\(name)".utf8)) }
    return ScramKeys(
      salt: Array(part("salt").prefix(saltBytes)), iterations: iterations,
      storedKey: part("stored"), serverKey: part("server"))
  }

  // MARK: On disk

  /// Version, iterations, salt and keys.
  var stored: [UInt8] {
    let count = UInt32(iterations)
    return [1] + (0..<4).map { UInt8(count >> (24 - 8 * $0) & 255) } + [UInt8(salt.count)] + salt
      + storedKey + serverKey
  }

  init?(stored bytes: [UInt8]) {
    guard bytes.count > 6, bytes[0] == 1, bytes.count == 6 + Int(bytes[5]) + 64 else { return nil }
    let iterations = bytes[1..<5].reduce(0) { $0 << 8 | Int($1) }
    guard iterations > 0 else { return nil }
    let keys = bytes.dropFirst(6 + Int(bytes[5]))
    self.init(
      salt: Array(bytes[6..<6 + Int(bytes[5])]), iterations: iterations,
      storedKey: Array(keys.prefix(32)), serverKey: Array(keys.suffix(32)))
  }
}
