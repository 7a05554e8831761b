/// Why there is no encrypted connection, in words for people.
///
/// Nothing of a conversation has been sent or taken in when one of these is thrown.
public enum TLSError: Error, Sendable, Equatable, CustomStringConvertible {
  // What a client finds wrong with a server's certificate.
  case expired(host: String, day: String)
  case notYetValid(host: String, day: String)
  case unknownAuthority(host: String, fingerprint: Fingerprint)
  case wrongHost(host: String, names: [String])
  case pinMismatch(host: String, expected: Fingerprint, seen: Fingerprint)
  case untrusted(host: String, reason: String)

  // What happens in a handshake.
  case plainText
  case ended
  case timedOut
  case failed(reason: String)

  // What is wrong with one's own files.
  case unreadable(file: String, reason: String)
  case cannotKeep(file: String, reason: String)
  case noCertificate(file: String)
  case noKey(file: String)
  case keyOfAnother(reason: String)
  case noFingerprint(String)
  case noIdentity

  /// Whether the other side is not, or cannot be shown to be, who it should be.
  public var isDistrust: Bool {
    switch self {
    case .expired, .notYetValid, .unknownAuthority, .wrongHost, .pinMismatch, .untrusted,
      .plainText:
      true
    default: false
    }
  }

  public var description: String {
    switch self {
    case .expired(let host, let day): "The certificate of \(host) expired on \(day)."
    case .notYetValid(let host, let day): "The certificate of \(host) is valid from \(day) only."
    case .unknownAuthority(let host, let fingerprint):
      "Nobody known vouches for the certificate of \(host). Its fingerprint is \(fingerprint): "
        + "if that is what the server's owner says, trust it with --pin, or its authority with "
        + "--ca."
    case .wrongHost(let host, let names):
      "The certificate is not for \(host) but for \(Self.list(names))."
    case .pinMismatch(let host, let expected, let seen):
      "The certificate of \(host) is another one: its fingerprint is \(seen), not \(expected)."
    case .untrusted(let host, let reason):
      "The certificate of \(host) cannot be trusted: \(reason)."
    case .plainText: "The other side speaks plain text here, not TLS."
    case .ended: "The other side ended the connection during the TLS handshake."
    case .timedOut: "The other side did not finish the TLS handshake in time."
    case .failed(let reason): "The TLS handshake failed: \(reason)."
    case .unreadable(let file, let reason): "'\(file)' cannot be read: \(reason)."
    case .cannotKeep(let file, let reason): "'\(file)' cannot be made: \(reason)."
    case .noCertificate(let file): "There is no certificate in '\(file)' (PEM is expected)."
    case .noKey(let file): "There is no private key without a passphrase in '\(file)' (PEM)."
    case .keyOfAnother(let reason):
      "The certificate and the private key do not fit together, or are not usable: \(reason)."
    case .noFingerprint(let text):
      "'\(text)' is no fingerprint: a SHA-256 has 64 digits of hexadecimal."
    case .noIdentity: "TLS needs a certificate and a private key."
    }
  }

  private static func list(_ names: [String]) -> String {
    if names.isEmpty { return "no host at all" }
    let shown = names.prefix(5).joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }
}
