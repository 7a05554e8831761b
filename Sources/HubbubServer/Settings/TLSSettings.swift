import HubbubSockets

/// How the server encrypts.
public struct TLSSettings: Sendable, Equatable {
  /// A PEM file with the certificate and its chain.
  public var certificateFile: String

  /// A PEM file with the private key.
  public var keyFile: String

  /// What to use instead of the files; nil reads them.
  public var identity: TLSIdentity?

  /// The port that `sts` sends clients to; nil does not offer it.
  public var stsPort: UInt16?

  /// How long clients keep to that (`sts` `duration`).
  public var stsDuration: Duration

  public init(
    certificateFile: String, keyFile: String, stsPort: UInt16? = nil,
    stsDuration: Duration = .seconds(30 * 24 * 3600)
  ) {
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.stsPort = stsPort
    self.stsDuration = stsDuration
  }

  /// With a certificate that is in no file.
  public init(identity: TLSIdentity) {
    self.init(certificateFile: "", keyFile: "")
    self.identity = identity
  }
}
