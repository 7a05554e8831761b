import HubbubSockets
import HubbubThreads

/// The certificate that is shown to those who come from now on. Any thread.
final class CurrentCertificate: Sendable {
  /// Guards which it is. Nothing else is locked under it.
  private let current: Monitor<TLSContext?>

  /// - Parameter settings: nil where the server does not encrypt.
  /// - Throws: `TLSError`.
  init(_ settings: TLSSettings?) throws(TLSError) {
    current = Monitor(try settings.map(Self.load))
  }

  /// What a new connection is encrypted with; it keeps it to its end.
  var context: TLSContext? { current.withLock { $0 } }

  /// Reads the files again, and shows what is in them from now on.
  ///
  /// - Throws: `TLSError`; then all is as before.
  func replace(by settings: TLSSettings) throws(TLSError) -> Fingerprint? {
    let context = try Self.load(settings)
    current.withLock { $0 = context }
    return context.fingerprint
  }

  private static func load(_ settings: TLSSettings) throws(TLSError) -> TLSContext {
    if let identity = settings.identity { return try TLSContext(server: identity) }
    return try TLSContext(
      server: TLSIdentity(
        certificateFile: settings.certificateFile, keyFile: settings.keyFile))
  }
}
