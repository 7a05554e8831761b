import ArgumentParser
import HubbubSockets

/// How a client encrypts, and whom it believes to be the server.
struct TLSClientOptions: ParsableArguments {
  @Flag(
    help:
      ArgumentHelp(
        "Encrypt (port 6697 unless another is given), and talk only to a server for whose "
          + "certificate an authority vouches that this system knows.")
  )
  var tls = false

  @Option(
    help: ArgumentHelp(
      "Encrypt; the authorities in this file (PEM) count instead of the system's.",
      valueName: "file"))
  var ca: String?

  @Option(
    help: ArgumentHelp(
      "Encrypt; only the certificate with this SHA-256 counts, under whatever name.",
      valueName: "fingerprint"))
  var pin: String?

  /// Whom to believe; nil for plain text.
  var trust: TLSTrust? {
    // A fingerprint that is none was refused when the options were checked.
    if let pin, let fingerprint = try? Fingerprint(pin) { return .pin(fingerprint) }
    if let ca { return .authorities(file: ca) }
    return tls ? .systemAuthorities : nil
  }

  /// - Throws: `TLSError` where the file with the authorities cannot be used.
  func context() throws(TLSError) -> TLSContext? {
    guard let trust else { return nil }
    return try TLSContext(client: trust)
  }

  var defaultPort: UInt16 { trust == nil ? 6667 : 6697 }

  func validate() throws {
    guard ca == nil || pin == nil else { throw ValidationError("Choose one of --ca and --pin.") }
    guard let pin else { return }
    do {
      _ = try Fingerprint(pin)
    } catch {
      throw ValidationError("--pin: \(error)")
    }
  }
}
