/// The statements that pages are made of, in one place, so that a test can look at each plan.
enum HistoryQueries {
  static let messagesUp = messages("ASC")
  static let messagesDown = messages("DESC")
  static let eventsUp = events("ASC")
  static let eventsDown = events("DESC")

  /// Of a range of keys, this many.
  private static func messages(_ order: String) -> String {
    """
    SELECT m.id, m.time, m.kind, p.source, m.account, m.text, m.tags, m.form
    FROM message m LEFT JOIN person p ON p.id = m.person
    WHERE m.id BETWEEN ? AND ? ORDER BY m.id \(order) LIMIT ?
    """
  }

  /// The same of some kinds of events: each of them is a bit.
  private static func events(_ order: String) -> String {
    """
    SELECT m.id, m.time, m.kind, p.source, m.account, m.text, m.tags, NULL
    FROM happening m LEFT JOIN person p ON p.id = m.person
    WHERE m.id BETWEEN ?1 AND ?2 AND (?4 >> m.kind) & 1 ORDER BY m.id \(order) LIMIT ?3
    """
  }

  /// Gaps that begin in a range of keys.
  static let gaps = "SELECT id, last, reason FROM gap WHERE id BETWEEN ? AND ? ORDER BY id"

  /// The last gap that begins before a key, which it may reach.
  static let gapBefore = """
    SELECT id, last, reason FROM gap WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1
    """

  /// The epoch that a number belongs to.
  static let epoch = """
    SELECT name, first, run FROM epoch WHERE stream = ? AND first <= ? ORDER BY first DESC LIMIT 1
    """

  /// Messages of a range of keys that match words, the newest first.
  static let words = """
    SELECT rowid FROM word WHERE word MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC
    """

  static let message = """
    SELECT m.id, m.time, m.kind, p.source, m.account, m.text, m.tags, m.form
    FROM message m LEFT JOIN person p ON p.id = m.person WHERE m.id = ?
    """

  /// Everything that an account said, by stream and number.
  static let ofAccount = """
    SELECT m.id, m.time, m.kind, p.source, m.account, m.text, m.tags, m.form
    FROM message m LEFT JOIN person p ON p.id = m.person
    WHERE m.account = ? AND m.id > ? ORDER BY m.id LIMIT ?
    """

  static let all = [
    messagesUp, messagesDown, eventsUp, eventsDown, gaps, gapBefore, epoch, words, message,
    ofAccount,
  ]
}
