/// Cuts a text that is too long for one line of the protocol.
enum MessageSplitter {
  /// The parts in order, each of at most `limitBytes`, cut between words where there are any.
  ///
  /// Nothing is lost but the spaces at the cuts. A word (a link) that is itself too long is cut
  /// between characters.
  static func split(_ text: String, limitBytes: Int) -> [String] {
    var parts: [String] = []
    var rest = text[...]
    while rest.utf8.count > limitBytes {
      let piece = rest.prefixCharacters(ofBytes: max(1, limitBytes))
      let next = rest[piece.endIndex...]
      if next.first == " " {
        parts.append(String(piece))
      } else if let space = piece.lastIndex(of: " "), space > piece.startIndex {
        parts.append(String(piece[..<space]))
        rest = rest[rest.index(after: space)...]
        continue
      } else {
        parts.append(String(piece))
      }
      rest = next.drop { $0 == " " }
    }
    if !rest.isEmpty { parts.append(String(rest)) }
    return parts
  }
}

extension Substring {
  /// As many whole characters as fit into `limit` bytes; at least one.
  fileprivate func prefixCharacters(ofBytes limit: Int) -> Substring {
    var used = 0
    var end = startIndex
    while end < endIndex {
      used += self[end].utf8.count
      if used > limit, end > startIndex { break }
      end = index(after: end)
    }
    return self[..<end]
  }
}
