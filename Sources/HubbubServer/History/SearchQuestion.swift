import HubbubStore
import IRCWire

/// The attributes of SEARCH, as they are understood. Nothing is looked up for it.
struct SearchQuestion {
  /// A room's name; nil for all that one may read.
  var room: String?
  var from: String?
  var query: SearchQuery?

  /// Milliseconds since 1970: at or after, at or before.
  var after: Int64?
  var before: Int64?
  var limit: Int

  /// - Parameters:
  ///   - attributes: `key=value;…`, written as message tags.
  ///   - limit: how much is answered at the most.
  init(_ attributes: String, limit: Int) throws(HistoryFault) {
    self.limit = limit
    // A space, where the client has not escaped it, is a part of the text.
    var line = Array("@\(attributes.replacing(" ", with: "\\s")) X".utf8)
    let message = line.withUnsafeMutableBytes { try? Message(parsing: UnsafeRawBufferPointer($0)) }
    guard let message, !message.tags.isEmpty else { throw Self.fault("*") }
    for tag in message.tags { try take(tag) }
  }

  private mutating func take(_ tag: Tag) throws(HistoryFault) {
    switch tag.key {
    case "in": room = tag.value
    case "from": from = tag.value
    case "text":
      query = SearchQuery(tag.value)
      if query == nil { throw Self.fault("text") }
    case "after": after = try Self.time(tag)
    case "before": before = try Self.time(tag)
    case "limit":
      guard let wanted = Int(tag.value), wanted > 0 else { throw Self.fault("limit") }
      limit = min(limit, wanted)
    default: throw Self.fault(tag.key)
    }
  }

  private static func time(_ tag: Tag) throws(HistoryFault) -> Int64 {
    guard let time = Timestamp(tag.value) else { throw fault(tag.key) }
    return time.milliseconds
  }

  private static func fault(_ key: String) -> HistoryFault {
    HistoryFault("INVALID_PARAMS", [key], "Invalid parameters")
  }

  /// What the store is asked for.
  func search(in views: [HistoryView]) -> HistorySearch {
    HistorySearch(
      query, in: views, author: from.map { .nickname($0) }, after: after.map { $0 - 1 },
      before: before.map { $0 + 1 }, limit: limit)
  }
}
