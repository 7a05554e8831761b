extension Schema {
  /// `accounts.db`: small, and precious. All of it is in memory too.
  static let accounts = Schema(
    name: "accounts.db",
    versions: [
      """
      CREATE TABLE account(
        id INTEGER PRIMARY KEY AUTOINCREMENT, folded TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        password TEXT, scram BLOB, recovery BLOB, reset BLOB, reset_until INTEGER,
        flags INTEGER NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;
      CREATE TABLE device(
        account INTEGER NOT NULL, folded TEXT NOT NULL, name TEXT NOT NULL, secret BLOB,
        seen INTEGER NOT NULL, PRIMARY KEY(account, folded)) STRICT, WITHOUT ROWID;
      CREATE TABLE certificate(
        fingerprint BLOB PRIMARY KEY, account INTEGER NOT NULL, name TEXT NOT NULL)
        STRICT, WITHOUT ROWID;
      CREATE TABLE nickname(
        folded TEXT PRIMARY KEY, name TEXT NOT NULL, account INTEGER NOT NULL)
        STRICT, WITHOUT ROWID;
      CREATE TABLE conversation(
        stream INTEGER PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL,
        UNIQUE(low, high)) STRICT;
      CREATE TABLE room(
        stream INTEGER PRIMARY KEY, folded TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        founder INTEGER NOT NULL, successor INTEGER, created INTEGER NOT NULL,
        used INTEGER NOT NULL, keep INTEGER, state TEXT NOT NULL) STRICT;
      CREATE TABLE access(
        room INTEGER NOT NULL, account INTEGER NOT NULL, standing INTEGER NOT NULL,
        PRIMARY KEY(room, account)) STRICT, WITHOUT ROWID;
      CREATE TABLE visibility(
        room INTEGER NOT NULL, first INTEGER NOT NULL, level INTEGER NOT NULL,
        PRIMARY KEY(room, first)) STRICT, WITHOUT ROWID;
      CREATE TABLE visit(
        account INTEGER NOT NULL, room INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER,
        PRIMARY KEY(account, room, first)) STRICT, WITHOUT ROWID;
      CREATE TABLE marker(
        account INTEGER NOT NULL, stream INTEGER NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY(account, stream)) STRICT, WITHOUT ROWID;
      CREATE TABLE metadata(
        subject TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY(subject, key)) STRICT, WITHOUT ROWID;
      CREATE TABLE setting(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE audit(
        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
        subject TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
      CREATE INDEX audit_time ON audit(time);
      """,
      // Markers by name: rooms that nobody has registered and people without an account have no
      // number here. And what people who stay without a connection go on with.
      """
      DROP TABLE marker;
      CREATE TABLE marker(
        account INTEGER NOT NULL, target TEXT NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY(account, target)) STRICT, WITHOUT ROWID;
      CREATE TABLE staying(account INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;
      """,
    ])
}
