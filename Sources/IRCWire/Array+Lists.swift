extension [String] {
  /// The words in lists, as many to a list as fit; a list is never empty.
  ///
  /// - Parameter limit: how many bytes a list may have; a longer word has one of its own.
  public func lists(bytes limit: Int, separator: String = ",") -> [String] {
    var lists: [String] = []
    for word in self {
      if let last = lists.last, last.utf8.count + separator.utf8.count + word.utf8.count <= limit {
        lists[lists.count - 1] = last + separator + word
      } else {
        lists.append(word)
      }
    }
    return lists
  }
}
