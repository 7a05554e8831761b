import HubbubSockets
import HubbubThreads

/// The certificate that is shown to those who come from now on. Any thread.
final class CurrentCertificate: Sendable {
  /// Guards which it is. Nothing else is locked under it.
  private let current: Monitor<Contexts?>

  /// One certificate as two kinds of port show it.
  private struct Contexts {
    let chat: TLSContext
    let web: TLSContext
  }

  /// - Parameter settings: nil where the server does not encrypt.
  /// - Throws: `TLSError`.
  init(_ settings: TLSSettings?) throws(TLSError) {
    current = Monitor(try settings.map(Self.load))
  }

  /// What a new connection is encrypted with; it keeps it to its end.
  var context: TLSContext? { current.withLock { $0?.chat } }

  /// The same for a browser.
  var webContext: TLSContext? { current.withLock { $0?.web } }

  /// Reads the files again, and shows what is in them from now on.
  ///
  /// - Throws: `TLSError`; then all is as before.
  func replace(by settings: TLSSettings) throws(TLSError) -> Fingerprint? {
    let contexts = try Self.load(settings)
    current.withLock { $0 = contexts }
    return contexts.chat.fingerprint
  }

  private static func load(_ settings: TLSSettings) throws(TLSError) -> Contexts {
    let identity: TLSIdentity
    if let known = settings.identity {
      identity = known
    } else {
      identity = try TLSIdentity(
        certificateFile: settings.certificateFile, keyFile: settings.keyFile)
    }
    return Contexts(
      chat: try TLSContext(server: identity),
      web: try TLSContext(server: identity, isForWeb: true))
  }
}
