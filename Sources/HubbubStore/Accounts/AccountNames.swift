import IRCWire

/// The names of accounts, read from the file of a server that may be running. One thread.
public struct AccountNames {
  private var names: [Int64: String] = [:]
  private var numbers: [FoldedName: Int64] = [:]

  /// - Parameter folder: the one of `accounts.db`.
  public init(_ folder: String) throws(StoreError) {
    let database = try Database("\(folder)/accounts.db", .readOnly)
    var found: [(Int64, String)] = []
    try database.rows("SELECT id, name FROM account") { row in
      found.append((row.integer(0), row.text(1)))
      return true
    }
    for (id, name) in found {
      names[id] = name
      numbers[FoldedName(name)] = id
    }
  }

  public func name(of id: Int64) -> String? { names[id] }
  public func number(of name: String) -> Int64? { numbers[FoldedName(name)] }
}
