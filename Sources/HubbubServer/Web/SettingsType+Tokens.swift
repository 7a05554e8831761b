import Yams

extension SettingsType where Value == AccessToken {
  static let accessToken = record(
    SettingsRecord(
      initial: AccessToken(name: "", hash: "", scopes: []),
      keys: [
        SettingsKey("name", \.name, .word(), isRequired: true, "What it is called in the log."),
        SettingsKey(
          "sha256", \.hash, .tokenHash, isRequired: true,
          "The token's hash, as 'hubbub make-token' prints it."),
        SettingsKey(
          "scopes", \.scopes, .list(of: .scope), isRequired: true,
          """
          What it is good for: metrics (/metrics), read (the dashboard, and looking by /api/v1), \
          moderate (kill, bans, notices), admin (accounts and all else of /api/v1), say:#ROOM \
          (/hooks).
          """),
        SettingsKey(
          "addresses", \.addresses, .list(of: .network),
          "Addresses and networks (CIDR) from which alone it may come; none: from everywhere."),
      ]),
    "{name: NAME, sha256: HASH, scopes: [SCOPE]}")
}

extension SettingsType where Value == String {
  static let tokenHash = Self(
    scalar: "64 digits of hexadecimal, as 'hubbub make-token' prints them",
    parse: { text in
      let isHash =
        text.utf8.count == 64
        && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
      return isHash ? text : nil
    }, write: Node.quoted)
}

extension SettingsType where Value == AccessToken.Scope {
  static let scope = Self(
    scalar: "metrics, read, moderate, admin or say:#ROOM (in quotes: YAML takes # for a comment)",
    parse: { AccessToken.Scope($0) }, write: { .quoted("\($0)") })
}
