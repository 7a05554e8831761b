import IRCWire

/// Reads what is stored and writes it down as JSON, a line for each message, for whoever keeps the
/// server; also while it runs. One thread; waits for the disk.
public final class HistoryExport {
  /// What is to be exported.
  public enum Subject: Sendable {
    /// All that was said in a room, or in whatever a name leads to.
    case room(String)

    /// All that an account has said, wherever.
    case account(Int64)
  }

  private let reader: HistoryReader
  private let names: [StreamID: String]

  /// The name of an account; nil for one that is gone.
  private let accountName: (Int64) -> String?

  /// - Parameter path: of `history.db`.
  /// - Throws: `StoreError`, in words, where it cannot be read.
  public init(_ path: String, accountName: @escaping (Int64) -> String?) throws(StoreError) {
    reader = try HistoryReader(path)
    self.accountName = accountName
    names = Dictionary(try reader.rooms().map { ($0.stream, $0.name) }) { first, _ in first }
  }

  /// Hands over one line after the other, without endings, in the order in which it was said.
  ///
  /// - Returns: how many; nil where there is no such room.
  public func write(
    _ subject: Subject, to body: (String) throws -> Void
  ) throws -> Int? {
    switch subject {
    case .room(let name):
      let found = names.first { FoldedName($0.value) == FoldedName(name) }
      return try found.map { try writeRoom($0.key, to: body) }
    case .account(let id): return try writeAccount(id, to: body)
    }
  }

  private func writeRoom(_ stream: StreamID, to body: (String) throws -> Void) throws -> Int {
    let view = HistoryView(stream)
    var (count, last) = (0, UInt64(0))
    while true {
      let page = try reader.page(.after(.sequence(last)), of: view, limit: Self.portion)
      try write(page.entries, to: body)
      count += page.entries.count
      guard !page.isEnd, let end = page.entries.last?.key.sequence else { return count }
      last = end
    }
  }

  private func writeAccount(_ id: Int64, to body: (String) throws -> Void) throws -> Int {
    var (count, last) = (0, Int64(0))
    while true {
      var found: [StoredEntry] = []
      try reader.database.rows(
        HistoryQueries.ofAccount, [.integer(id), .integer(last), .integer(Int64(Self.portion))]
      ) { row in
        if let entry = StoredEntry(row) { found.append(entry) }
        return true
      }
      try write(found, to: body)
      count += found.count
      guard found.count == Self.portion, let end = found.last?.key.rawValue else { return count }
      last = end
    }
  }

  private static let portion = 1000

  private func write(_ entries: [StoredEntry], to body: (String) throws -> Void) throws {
    let streams = Dictionary(grouping: entries) { $0.key.stream }
    var epochs: [StreamID: [HistoryEpoch]] = [:]
    for (stream, entries) in streams {
      let numbers = entries.map(\.key.sequence)
      epochs[stream] = try reader.epochs(of: stream, numbers.min()!...numbers.max()!)
    }
    for entry in entries {
      let epoch = epochs[entry.key.stream]?.last { $0.first <= entry.key.sequence }?.name
      try body(
        entry.json(
          target: target(entry.key.stream), id: "\(epoch ?? "")-\(entry.key.sequence)",
          account: entry.account.flatMap(accountName)))
    }
  }

  /// A room's name; of a private talk the names of both accounts.
  private func target(_ stream: StreamID) -> String {
    guard let name = names[stream] else { return "" }
    guard name.first == "@" else { return name }
    let numbers = name.dropFirst().split(separator: ":").compactMap { Int64($0) }
    return numbers.map { accountName($0) ?? "account \($0)" }.joined(separator: ",")
  }
}
