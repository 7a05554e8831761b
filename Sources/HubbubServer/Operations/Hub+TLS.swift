import HubbubSockets

extension Hub {
  /// Reads the certificate and the key of the settings in force again: who comes from now on is
  /// shown them, and who is there stays and notices nothing. Any thread.
  ///
  /// - Throws: `TLSError` where they cannot be used; then all is as before.
  func reloadTLS() throws(TLSError) {
    guard let settings = configuration.tls else { return }
    let fingerprint = try certificate.replace(by: settings)
    logger.notice(
      "certificate", metadata: ["fingerprint": "\(fingerprint.map(\.description) ?? "none")"])
    warnOfCertificate()
  }

  /// Says where clients will refuse the certificate.
  func warnOfCertificate() {
    if let warning = certificate.context?.warning { logger.warning("\(warning)") }
  }
}
