/// What HELP explains besides commands.
enum Help {
  /// By name; of each the lines.
  static let topics = [
    "CMODES": ["The modes of channels, for MODE <channel> +<letters> [<parameter>…]:"]
      + roomModes.map { "\($0.mode)  \($0.meaning)" },
    "UMODES": ["Your own modes, for MODE <your nickname> +<letters>:"]
      + userModes.map { "\($0.mode)  \($0.meaning)" },
  ]

  /// What `ACCOUNT` and `ROOM` take.
  static let requests: [String: [String]] = [
    "ACCOUNT": ["ACCOUNT <request> [<parameter>…], of these:"]
      + AccountCommand.table.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.usage)" },
    "ROOM": ["ROOM <request> <channel> [<parameter>…], of these:"]
      + RoomRequest.table.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.usage)" },
  ]

  static let roomModes: [(mode: Character, meaning: String)] = [
    ("b", "<mask>: who may not join, nor speak without a voice; alone, shows the list"),
    ("e", "<mask>: whom no ban concerns; alone, shows the list"),
    ("I", "<mask>: who may join though it is +i; alone, shows the list"),
    ("f", "<channel>: leads those on who may not join (you operate both)"),
    ("k", "<key>: what to say in order to join"),
    ("l", "<number>: no more may join than this"),
    ("M", "only those speak who are logged in to an account, or have a voice"),
    ("R", "only those may join who are logged in to an account"),
    ("r", "registered: kept when it is empty; by ROOM REGISTER alone"),
    ("C", "no requests to programs (CTCP), but ACTION"),
    ("i", "only those who are invited may join"),
    ("m", "only operators and those with a voice may speak"),
    ("n", "only members may speak"),
    ("s", "secret: shown to its members only"),
    ("t", "only operators change the topic"),
    ("U", "operators alone hear those who have no voice"),
    ("o", "<nickname>: an operator, @"),
    ("h", "<nickname>: an operator's assistant, %"),
    ("v", "<nickname>: has a voice, +"),
  ]

  static let userModes: [(mode: Character, meaning: String)] = [
    ("B", "a program"),
    ("R", "reads private messages of those alone who are logged in to an account"),
    ("i", "not shown to those who share no channel with you"),
    ("o", "operates the server; by OPER alone"),
    ("w", "reads what operators say to all (WALLOPS)"),
  ]
}
