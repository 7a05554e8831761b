import Yams

extension SettingsType where Value == String {
  static let nicknamePattern = Self(
    scalar: "a nickname, with * and ? for any characters, as in 'NickServ' or '*Serv'",
    parse: { ReservedNicknames.isPattern($0) ? $0 : nil }, write: Node.quoted)
}
