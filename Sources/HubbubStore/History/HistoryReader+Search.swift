import IRCWire

extension HistoryReader {
  /// Searches until the time is over.
  func search(_ search: HistorySearch, upTo limit: Duration) throws(StoreError)
    -> HistorySearch.Result
  {
    var result = HistorySearch.Result()
    do throws(StoreError) {
      try database.limited(to: limit) { () throws(StoreError) in
        for view in search.views { try find(search, view, &result.entries) }
      }
    } catch  where error.kind == .timeout {
      result.isPartial = true
    }
    // Of each view the newest; of all of them together the newest again.
    result.entries.sort { ($0.time, $0.key) < ($1.time, $1.key) }
    result.entries = result.entries.suffix(max(0, search.limit))
    return result
  }

  private func find(
    _ search: HistorySearch, _ view: HistoryView, _ found: inout [StoredEntry]
  ) throws(StoreError) {
    let all = HistoryFile.range(of: view.stream)
    var bounds = all
    if let after = search.after {
      let first = after == .max ? all.upperBound + 1 : try boundary(all, after + 1)
      guard first <= all.upperBound else { return }
      bounds = first...all.upperBound
    }
    if let before = search.before {
      let last = try boundary(all, before) - 1
      guard last >= bounds.lowerBound else { return }
      bounds = bounds.lowerBound...last
    }
    var left = search.limit
    for range in view.keys(within: bounds).reversed() where left > 0 {
      if let query = search.query {
        try find(query, search, range, &left, &found)
      } else {
        try findAll(search, range, &left, &found)
      }
    }
  }

  private func boundary(_ range: ClosedRange<Int64>, _ time: Int64) throws(StoreError) -> Int64 {
    try database.boundary(in: range, of: "message", at: time)
  }

  private func find(
    _ query: SearchQuery, _ search: HistorySearch, _ range: ClosedRange<Int64>,
    _ left: inout Int, _ found: inout [StoredEntry]
  ) throws(StoreError) {
    try database.rows(
      HistoryQueries.words,
      [.text(query.expression), .integer(range.lowerBound), .integer(range.upperBound)]
    ) { row throws(StoreError) in
      let entry = try database.first(HistoryQueries.message, .integer(row.integer(0))) {
        StoredEntry($0)
      }
      if let entry = entry ?? nil, range.contains(entry.key.rawValue), search.accepts(entry) {
        found.append(entry)
        left -= 1
      }
      return left > 0
    }
  }

  private func findAll(
    _ search: HistorySearch, _ range: ClosedRange<Int64>, _ left: inout Int,
    _ found: inout [StoredEntry]
  ) throws(StoreError) {
    try database.rows(
      HistoryQueries.messagesDown,
      [.integer(range.lowerBound), .integer(range.upperBound), .integer(.max)]
    ) { row in
      if let entry = StoredEntry(row), range.contains(entry.key.rawValue), search.accepts(entry) {
        found.append(entry)
        left -= 1
      }
      return left > 0
    }
  }
}

extension HistorySearch {
  /// Whether the author is who was asked for.
  func accepts(_ entry: StoredEntry) -> Bool {
    switch author {
    case nil: return true
    case .account(let account): return entry.account == account
    case .nickname(let nickname):
      let end = entry.source.firstIndex(of: "!") ?? entry.source.endIndex
      return FoldedName(String(entry.source[..<end])) == FoldedName(nickname)
    }
  }
}
