extension ServerSettings {
  /// Where the server keeps what outlives it.
  static let stateKeys: [SettingsKey<ServerSettings>] = [
    SettingsKey(
      "state", \.configuration.state, .optional(.file), takesEffect: .afterRestart,
      """
      The folder of what outlives the server, as accounts and history; the server makes it, for \
      its user alone. null: $STATE_DIRECTORY, $XDG_STATE_HOME/hubbub or ~/.local/state/hubbub, and \
      nothing is kept where that cannot be used.
      """)
  ]

  /// Names that belong to people.
  static let accountKeys: [SettingsKey<ServerSettings>] = [
    SettingsKey(
      "accounts.enabled", \.configuration.accounts.isEnabled, .flag, takesEffect: .afterRestart,
      "Whether there are accounts: names that belong to whoever has the password."),
    SettingsKey(
      "accounts.open", \.configuration.accounts.isOpen, .flag,
      """
      Whether everybody may register one. false: operators of the server (ACCOUNT CREATE) and \
      'hubbub accounts add' alone.
      """),
    SettingsKey(
      "accounts.before-connect", \.configuration.accounts.allowsBeforeConnect, .flag,
      """
      Whether that may be done before one is in. Never where the server has a password: it would \
      be a way around it.
      """),
    SettingsKey(
      "accounts.scram", \.configuration.accounts.keepsScramKeys, .flag,
      """
      Whether passwords that are set can be used with SCRAM-SHA-256, which never sends them. The \
      keys for that are easier to guess from than the hash, should the file be stolen; false keeps \
      only the hash.
      """),
    SettingsKey(
      "accounts.password", \.configuration.accounts.leastPasswordBytes,
      .bytes(1...AccountSettings.maxPasswordBytes),
      "The least length of a password. Shorter: FAIL REGISTER WEAK_PASSWORD."),
    SettingsKey(
      "accounts.per-network", \.configuration.accounts.perNetworkAndDay, .count(1...1_000_000),
      """
      Accounts that one network (/24 of IPv4, /64 of IPv6) may register a day. One more: FAIL \
      REGISTER TEMPORARILY_UNAVAILABLE. Networks that may have any number of connections have no \
      limit.
      """),
    SettingsKey(
      "accounts.per-server", \.configuration.accounts.perTenMinutes, .count(1...1_000_000),
      "Accounts that may be registered in ten minutes, from wherever."),
    SettingsKey(
      "accounts.wrong-passwords", \.configuration.accounts.wrongPasswordsPerHour,
      .count(1...1_000_000),
      """
      Wrong passwords for one account in an hour. After that one a minute is looked at, but from \
      where the right one came before.
      """),
    SettingsKey(
      "accounts.sessions", \.configuration.accounts.sessions, .count(1...100),
      takesEffect: .afterRestart,
      """
      Connections that one account may have at a time: all of them are one person, under one \
      nickname, in the same rooms. One more is refused.
      """),
    SettingsKey(
      "accounts.stay", \.configuration.accounts.stay, .duration(.seconds(60)...(.seconds(1 << 32))),
      """
      How long somebody stays in its rooms without a connection, whose account says so (ACCOUNT \
      SET stay on).
      """),
    SettingsKey(
      "accounts.staying", \.configuration.accounts.staying, .count(0...1_000_000),
      "How many may stay like that. Of one more the person goes with its last connection."),
  ]
}
