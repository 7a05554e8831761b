import HubbubSockets
import Yams

// The kinds of value that are mappings.

extension SettingsType where Value == TLSSettings {
  static let tls = record(
    SettingsRecord(
      initial: TLSSettings(certificateFile: "", keyFile: ""),
      keys: [
        SettingsKey(
          "certificate", \.certificateFile, .file, isRequired: true,
          "The certificate and its chain, as PEM."),
        SettingsKey("key", \.keyFile, .file, isRequired: true, "The private key, as PEM."),
        SettingsKey(
          "sts-port", \.stsPort, .optional(.port),
          "The port that plain clients are told to use instead (IRCv3 sts); null does not tell "
            + "them."
        ),
        SettingsKey(
          "sts-duration", \.stsDuration, .duration(.zero ... .seconds(10 * 365 * 86_400)),
          "How long they keep to that."),
      ]),
    "{certificate: FILE, key: FILE}")
}

extension SettingsType where Value == OperatorAccount {
  static let operatorAccount = record(
    SettingsRecord(
      initial: OperatorAccount(name: "", passwordHash: ""),
      keys: [
        SettingsKey(
          "name", \.name, .word(), isRequired: true,
          "What is sent as the first parameter of "
            + "OPER."),
        SettingsKey(
          "password", \.passwordHash, .passwordHash, isRequired: true,
          "The hash of the second parameter, never the password itself."),
        SettingsKey(
          "hosts", \.hosts, .list(of: .hostMask),
          "From where alone it may be used; none: from everywhere."),
      ]),
    "{name: NAME, password: HASH}")
}

extension SettingsType where Value == Gateway {
  static let gateway = record(
    SettingsRecord(
      initial: Gateway(name: "", passwordHash: "", addresses: []),
      keys: [
        SettingsKey(
          "name", \.name, .word(), isRequired: true,
          "What it is called in the log; where several have one address, what it calls itself."),
        SettingsKey(
          "password", \.passwordHash, .passwordHash, isRequired: true,
          "The hash of what it sends as the first parameter of WEBIRC."),
        SettingsKey(
          "addresses", \.addresses, .list(of: .network), isRequired: true,
          "Addresses and networks (CIDR) from which alone it may come."),
      ]),
    "{name: NAME, password: HASH, addresses: [NETWORK]}")
}

extension SettingsType where Value == ClientClass {
  static let clientClass = record(
    SettingsRecord(
      initial: ClientClass(name: ""),
      keys: [
        SettingsKey("name", \.name, .word(), isRequired: true, "What it is called."),
        SettingsKey(
          "addresses", \.addresses, .list(of: .network), "Addresses and networks (CIDR) in it."),
        SettingsKey("operators", \.includesOperators, .flag, "Whether operators are in it."),
        SettingsKey("bots", \.includesBots, .flag, "Whether bots (user mode +B) are in it."),
        SettingsKey("throttled", \.isThrottled, .flag, "Whether it is slowed down at all."),
        SettingsKey(
          "burst", \.burstLines, .optional(.count(1...1_000_000)),
          "Lines at once; null: limits.burst."),
        SettingsKey(
          "rate", \.linesPerSecond, .optional(.count(1...1_000_000)),
          "Lines a second; null: limits.rate."),
        SettingsKey(
          "clients-per-address", \.clientsPerAddress, .optional(.count(0...10_000_000)),
          "Connections from one address; null: limits.clients-per-address, 0: any number."),
      ],
      fault: { $0.hasMembers ? nil : "nobody is in it; say addresses, operators or bots" }),
    "{name: NAME, addresses: [NETWORK]}")
}

extension SettingsType where Value == PersistentRoom {
  static let persistentRoom = record(
    SettingsRecord(
      initial: PersistentRoom(name: ""),
      keys: [
        SettingsKey("name", \.name, .roomName, isRequired: true, "The room's name."),
        SettingsKey("topic", \.topic, .text(), "Its topic while nobody has set another."),
        SettingsKey("modes", \.modes, .roomModes, "Its modes."),
        SettingsKey(
          "operators", \.operators, .list(of: .sourceMask),
          "Who operates it as soon as they join."),
      ]),
    "{name: '#NAME'}")
}
