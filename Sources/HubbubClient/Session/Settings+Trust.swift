import HubbubSockets

extension Settings {
  /// A setting `tls` that cannot be understood. It must not mean plain text.
  struct Unclear: Error, CustomStringConvertible {
    let setting: String

    var description: String {
      "In the settings: “tls = \(setting)” is not “yes”, “ca <file>” or “pin <fingerprint>”."
    }
  }

  /// Whom to believe to be the server; nil for plain text.
  func trust() throws(Unclear) -> TLSTrust? {
    guard let tls else { return nil }
    guard let trust = TLSTrust(setting: tls) else { throw Unclear(setting: tls) }
    return trust
  }
}
