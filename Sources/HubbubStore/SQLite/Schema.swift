/// How a kind of file came to be what it is: one script for each version, only ever added to.
struct Schema {
  /// What people call the file.
  let name: String

  /// The script that leads to version 1, to version 2 …
  let versions: [String]

  /// Brings a file to the newest version, in one transaction, after a copy of it was made beside it
  /// (`<file>.version-<n>`).
  ///
  /// - Throws: `.newerFile` and `.foreignFile`, and whatever else befalls the file.
  func migrate(_ database: Database) throws(StoreError) {
    let version = Int(try database.userVersion)
    guard version <= versions.count else {
      throw StoreError(
        .newerFile,
        "\(database.path) was written by a newer Hubbub (version \(version) of \(name), and this "
          + "one knows \(versions.count)): start that one, or move the file away")
    }
    guard version < versions.count else { return }
    let tables = try database.number("SELECT count(*) FROM sqlite_schema") ?? 0
    if version == 0, tables > 0 {
      throw StoreError(
        .foreignFile,
        "\(database.path) belongs to another program: move it away, or choose another directory")
    }
    if version > 0 { try keepCopy(of: database, version) }
    try database.transaction { () throws(StoreError) in
      for script in versions[version...] { try database.execute(script) }
      try database.execute("PRAGMA user_version = \(versions.count)")
    }
  }

  private func keepCopy(of database: Database, _ version: Int) throws(StoreError) {
    let path = "\(database.path).version-\(version)"
    // One that was left by a try that failed.
    StoreFiles.remove(path)
    try database.copy(to: path)
  }
}
