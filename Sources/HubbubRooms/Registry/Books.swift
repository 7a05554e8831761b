import HubbubBytes
import IRCWire

/// What the servers of a network keep in common besides rooms and people: values by keys, in books.
/// Rooms know nothing of what they mean. A value, guarded by the registry's lock.
struct Books {
  struct Entry {
    let value: [UInt8]

    /// When it is over by itself; nil for never.
    let until: Timestamp?
  }

  private(set) var books: [String: [String: Entry]] = [:]

  /// Writes an entry, in the place of the one with the same key, or takes it out (nil). What is
  /// over by then goes as well: so a book has what is in force, and what has ended since its last
  /// change.
  mutating func set(_ book: String, _ key: String, _ entry: Entry?, at now: Timestamp) {
    var entries = (books[book] ?? [:]).filter { _, entry in entry.until.map { $0 > now } ?? true }
    entries[key] = entry
    books[book] = entries.isEmpty ? nil : entries
  }

  func write(to writer: inout ByteWriter) {
    writer.write(list: books.sorted { $0.key < $1.key }) { writer, book in
      writer.write(book.key)
      writer.write(list: book.value.sorted { $0.key < $1.key }) { writer, entry in
        writer.write(entry.key)
        writer.write(entry.value.value)
        writer.write(optional: entry.value.until) { $0.write($1) }
      }
    }
  }

  init() {}

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    let books = try reader.list { (reader) throws(ByteReader.Malformed) in
      let name = try reader.text()
      let entries = try reader.list { (reader) throws(ByteReader.Malformed) in
        let key = try reader.text()
        let value = try reader.data()
        let until = try reader.optional { (reader) throws(ByteReader.Malformed) in
          try reader.time()
        }
        return (key, Entry(value: value, until: until))
      }
      return (name, Dictionary(entries) { $1 })
    }
    self.books = Dictionary(books) { $1 }
  }
}
