extension Schema {
  /// `history.db`: large, and expendable.
  ///
  /// The key of a message is `MessageKey`, the only index that a page needs. Words are those of
  /// `message`, but for the ranges in `todo`, which come later.
  static let history = Schema(
    name: "history.db",
    versions: [
      """
      CREATE TABLE run(
        id INTEGER PRIMARY KEY, began INTEGER NOT NULL, ended INTEGER) STRICT;
      CREATE TABLE epoch(
        stream INTEGER NOT NULL, first INTEGER NOT NULL, name TEXT NOT NULL,
        run INTEGER NOT NULL, PRIMARY KEY(stream, first)) STRICT, WITHOUT ROWID;
      CREATE TABLE person(
        id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, used INTEGER NOT NULL) STRICT;
      CREATE INDEX person_used ON person(used);
      CREATE TABLE message(
        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL,
        person INTEGER NOT NULL, account INTEGER, text TEXT NOT NULL, tags TEXT, form BLOB) STRICT;
      CREATE INDEX message_account ON message(account) WHERE account IS NOT NULL;
      CREATE TABLE happening(
        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL,
        person INTEGER NOT NULL, account INTEGER, text TEXT NOT NULL, tags TEXT) STRICT;
      CREATE INDEX happening_account ON happening(account) WHERE account IS NOT NULL;
      CREATE TABLE gap(
        id INTEGER PRIMARY KEY, last INTEGER NOT NULL, reason INTEGER NOT NULL) STRICT;
      CREATE TABLE todo(id INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
      CREATE TABLE erasure(
        account INTEGER PRIMARY KEY, until INTEGER NOT NULL, next INTEGER NOT NULL) STRICT;
      CREATE TABLE clearing(id INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
      CREATE TABLE purge(id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;
      CREATE VIRTUAL TABLE word USING fts5(
        text, content='message', content_rowid='id', columnsize=0,
        tokenize='unicode61 remove_diacritics 2');
      """,
      // Rooms that nobody has registered: which stream a name has, and from which number on what
      // is said is for whom. `numbering` has the next stream, so that none is given twice.
      """
      CREATE TABLE room(
        stream INTEGER PRIMARY KEY, folded TEXT NOT NULL UNIQUE, name TEXT NOT NULL) STRICT;
      CREATE TABLE level(
        stream INTEGER NOT NULL, first INTEGER NOT NULL, isRestricted INTEGER NOT NULL,
        PRIMARY KEY(stream, first)) STRICT, WITHOUT ROWID;
      CREATE TABLE numbering(id INTEGER PRIMARY KEY CHECK (id = 1), next INTEGER NOT NULL) STRICT;
      INSERT INTO numbering SELECT 1, coalesce(max(stream), 0) + 1 FROM epoch;
      """,
      // In a network: the epoch of a room's first life, by which all nodes know that it is the same
      // room, whose history all this is, and up to where in its log.
      """
      ALTER TABLE room ADD COLUMN origin TEXT;
      CREATE TABLE network(
        id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, revision INTEGER) STRICT;
      """,
    ])
}
