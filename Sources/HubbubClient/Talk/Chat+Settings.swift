/// `/set`: what there is, what it means, and how it is changed.
extension Chat {
  mutating func changeSetting(_ words: inout Words) {
    guard let text = words.next() else { return listSettings() }
    guard let name = SettingName.find(text) else {
      return fail("There is no setting called \(SafeText.clean(text)); /set lists them.")
    }
    guard let value = words.text else { return explain(name) }
    if name.isOfOneServer, let home = settings.server, home != server {
      return fail(
        "\(name.rawValue) is for \(SafeText.clean(home)), the server of the settings. "
          + "/save makes this one that server.")
    }
    if let mistake = settings.set(name, to: value == "default" ? "" : value) {
      return fail("Nothing was changed: \(mistake)")
    }
    // What shows who one is must not be said to another server, nor in plain text to this one.
    if name.isOfOneServer, settings.server == nil {
      (settings.server, settings.tls) = (server, trust)
    }
    let later = name.isForTheNextStart ? " From the next start on." : ""
    inform("\(name.rawValue) is \(described(name)).\(later)")
    perform(.apply(settings))
    perform(.save(settings))
  }

  private mutating func listSettings() {
    settlePresence()
    for name in SettingName.allCases {
      let head = name.rawValue + String(repeating: " ", count: max(1, 18 - name.rawValue.count))
      perform(
        .show(StyledText(head, .bold) + StyledText(described(name))))
    }
    perform(
      .show(StyledText("/set NAME explains one, /set NAME VALUE changes and saves it.", .dim)))
  }

  /// What a setting is, for the screen: passwords are not for it.
  private func described(_ name: SettingName) -> String {
    let value = settings.value(of: name)
    if value.isEmpty { return "not set" }
    if name == .onConnect, !settings.commandsOnConnect.allSatisfy({ HistoryRule.keeps($0) }) {
      return "set, and may hold a password: it stands in the settings file"
    }
    return SafeText.clean(value)
  }

  private mutating func explain(_ name: SettingName) {
    inform(
      "\(name.rawValue) is \(described(name)). \(name.explanation)"
    )
    let choices =
      name.choices.isEmpty
      ? "/set \(name.rawValue) TEXT changes it, /set \(name.rawValue) default unsets it."
      : "It can be \(Sentence.list(name.choices, word: "or"))."
    inform(choices)
  }
}
