import ArgumentParser
import Glibc
import HubbubServer
import HubbubSockets

/// How the server encrypts.
struct TLSOptions: ParsableArguments {
  @Option(
    name: .customLong("listen-tls"),
    help: ArgumentHelp(
      "Where to listen for TLS, with ':port' if not 6697, or a port of 127.0.0.1. May be repeated. "
        + "(default: 127.0.0.1 if there is a certificate)",
      valueName: "host[:port]"))
  var listen: [String] = []

  @Option(
    help: ArgumentHelp(
      "The certificate to show, with its chain behind it (PEM).", valueName: "file"))
  var cert: String?

  @Option(help: ArgumentHelp("The private key to it (PEM).", valueName: "file"))
  var key: String?

  @Flag(
    help:
      ArgumentHelp(
        "Make a certificate for a home network, keep it for the next time, and print what to join "
          + "with.")
  )
  var selfSigned = false

  @Option(
    name: .customLong("self-signed-in"),
    help: ArgumentHelp(
      "The same, kept in this directory instead of $XDG_DATA_HOME/hubbub (~/.local/share/hubbub).",
      valueName: "directory"))
  var directory: String?

  func validate() throws {
    guard (cert == nil) == (key == nil) else {
      throw ValidationError("--cert and --key belong together.")
    }
    guard cert == nil || !isSelfSigned else {
      throw ValidationError("Choose one of --cert and --self-signed.")
    }
    _ = try endpoints()
  }

  /// - Throws: `TLSError` where a certificate cannot be made, `ValidationError`.
  func apply(to configuration: inout Configuration) throws {
    if let cert, let key { configuration.tls = TLSSettings(certificateFile: cert, keyFile: key) }
    if let files = try selfSignedFiles() {
      configuration.tls = TLSSettings(
        certificateFile: files.certificateFile, keyFile: files.keyFile)
    }
    let endpoints = try endpoints()
    if !endpoints.isEmpty {
      configuration.secureEndpoints = endpoints
    } else if configuration.tls != nil, configuration.secureEndpoints.isEmpty {
      configuration.secureEndpoints = [Endpoint(host: "127.0.0.1", port: Self.port)]
    }
    guard configuration.secureEndpoints.isEmpty || configuration.tls != nil else {
      throw ValidationError("--listen-tls needs --cert and --key, or --self-signed.")
    }
  }

  /// What to tell those who are to join; nothing unless the certificate is the server's own.
  ///
  /// - Parameter endpoints: where the server listens with TLS.
  func advice(_ endpoints: [Endpoint]) throws -> String? {
    guard let files = try selfSignedFiles(), let first = endpoints.first else { return nil }
    let reached = JoinAdvice.reached(first)
    let address =
      reached.port == Self.port && !reached.host.contains(":")
      ? reached.host : "\(reached)"
    return """
      The certificate in \(files.certificateFile) has the fingerprint \(files.fingerprint).
      Join with:  hubbub join \(address) --tls --pin \(files.fingerprint)
      """
  }

  private static let port: UInt16 = 6697

  private var isSelfSigned: Bool { selfSigned || directory != nil }

  private func endpoints() throws -> [Endpoint] {
    try listen.map { text in
      guard let endpoint = Endpoint(text, defaultPort: Self.port) else {
        throw ValidationError(
          "'\(text)' is no address to listen on; try 0.0.0.0:6697, or a port: 6697.")
      }
      return endpoint
    }
  }

  /// nil unless they are asked for.
  private func selfSignedFiles() throws -> SelfSignedFiles? {
    guard isSelfSigned else { return nil }
    let standard = SelfSignedFiles.defaultDirectory { getenv($0).map { String(cString: $0) } }
    guard let directory = directory ?? standard else {
      throw ValidationError("There is no HOME; say where with --self-signed-in.")
    }
    return try SelfSignedFiles.prepare(in: directory)
  }
}
