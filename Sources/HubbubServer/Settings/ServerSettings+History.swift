extension ServerSettings {
  /// What the server remembers of what is said.
  static let historyKeys: [SettingsKey<ServerSettings>] = [
    SettingsKey(
      "history.enabled", \.configuration.history.isEnabled, .flag, takesEffect: .afterRestart,
      """
      Whether the server remembers what is said in rooms (history.db in the folder of 'state'), \
      for those who are in them to read (CHATHISTORY). What is said while a room is +i, +k or +s \
      can be read by those alone who were there.
      """),
    SettingsKey(
      "history.keep", \.configuration.history.keep, .optional(.duration(Self.keepingTimes)),
      "How long what is said is kept; null keeps it for good. What is older is deleted."),
    SettingsKey(
      "history.keep-at-most", \.configuration.history.keepAtMost,
      .optional(.duration(Self.keepingTimes)),
      "No room keeps anything for longer; null sets no such limit."),
    SettingsKey(
      "history.events", \.configuration.history.events, .duration(Self.keepingTimes),
      """
      How long it is kept who came, went, and changed what. Never for longer than what was said.
      """),
    SettingsKey(
      "history.empty-rooms", \.configuration.history.emptyRooms, .choice,
      takesEffect: .afterRestart,
      """
      What becomes of a room's history when the last one has left: 'kept' for whoever makes the \
      room again, but for what was said while it was +i, +k or +s; or 'forgotten'. A restart of \
      the server ends no room.
      """),
    SettingsKey(
      "history.direct", \.configuration.history.keepsDirect, .flag, takesEffect: .afterRestart,
      """
      Whether it is kept what two people say to each other who are logged in to accounts, for \
      these two to read. Not where one of them says 'ACCOUNT SET keep-direct off'.
      """),
    SettingsKey(
      "history.rooms", \.configuration.history.rooms, .count(1...10_000_000),
      takesEffect: .afterRestart,
      """
      Rooms and private talks of which something may be stored. One more is not remembered, and \
      the log says so.
      """),
    SettingsKey(
      "history.page", \.configuration.history.page, .count(1...10_000),
      takesEffect: .afterRestart,
      "Messages of one answer to CHATHISTORY. Whoever asks for more gets this many."),
    SettingsKey(
      "history.hits", \.configuration.history.hits, .count(1...10_000),
      "Messages of one answer to SEARCH. Whoever asks for more gets this many, the newest."),
    SettingsKey(
      "history.search-time", \.configuration.history.searchTime,
      .duration(.milliseconds(10) ... .seconds(10)), takesEffect: .afterRestart,
      "Time that a search may take. Then what was found by then is shown, and that it is a part."),
  ]

  private static let keepingTimes: ClosedRange<Duration> =
    .seconds(60) ... .seconds(36_600 * 86_400)
}
