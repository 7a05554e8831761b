import HubbubSockets

extension TLSTrust {
  /// Reads the setting `tls`: `yes`, `ca <file>` or `pin <fingerprint>`; nil for anything else.
  init?(setting: String) {
    var words = Words(setting)
    let first = words.next()
    let rest = String(words.rest)
    switch (first, rest.isEmpty) {
    case ("yes", true): self = .systemAuthorities
    case ("ca", false): self = .authorities(file: rest)
    case ("pin", false):
      // What is wrong with it, the caller says.
      guard let fingerprint = try? Fingerprint(rest) else { return nil }
      self = .pin(fingerprint)
    default: return nil
    }
  }

  /// How it stands in the settings.
  var setting: String {
    switch self {
    case .systemAuthorities: "yes"
    case .authorities(let file): "ca \(file)"
    case .pin(let fingerprint): "pin \(fingerprint)"
    }
  }
}
