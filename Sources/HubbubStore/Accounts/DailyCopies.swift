import Glibc
import IRCWire

/// Copies of `accounts.db`, one a day, beside it: `accounts-2026-11-29.db`.
struct DailyCopies {
  private let directory: String
  private let stem: String

  init(_ path: String) {
    let slash = path.lastIndex(of: "/")
    directory = slash.map { String(path[..<$0]) } ?? "."
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    stem = name.hasSuffix(".db") ? String(name.dropLast(3)) : String(name)
  }

  /// The newest; nil: there is none.
  var newest: String? { all.last }

  /// Their paths, the oldest first.
  private var all: [String] {
    guard let opened = opendir(directory.isEmpty ? "/" : directory) else { return [] }
    defer { closedir(opened) }
    var found: [String] = []
    while let entry = readdir(opened) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if isCopy(name) { found.append("\(directory)/\(name)") }
    }
    return found.sorted()
  }

  private func isCopy(_ name: String) -> Bool {
    guard name.hasPrefix("\(stem)-"), name.hasSuffix(".db") else { return false }
    let day = name.dropFirst(stem.count + 1).dropLast(3)
    return Timestamp("\(day)T00:00:00Z") != nil
  }

  /// Makes today's, unless it is there, and removes the oldest beyond `count`.
  ///
  /// - Returns: the copy that was made.
  func make(_ database: Database, _ count: Int, now: Int64) throws(StoreError) -> String? {
    let day = Timestamp(milliseconds: now).description.prefix(10)
    let path = "\(directory)/\(stem)-\(day).db"
    guard access(path, F_OK) != 0 else { return nil }
    // Under another name until it is whole: half a copy would be taken for one.
    let unfinished = "\(directory)/\(stem)-unfinished"
    StoreFiles.remove(unfinished)
    // An empty file is written into, and keeps its mode: nobody else reads half a copy.
    let created = open(unfinished, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    if created >= 0 { close(created) }
    try database.run("VACUUM INTO ?", .text(unfinished))
    StoreFiles.makePrivate(unfinished)
    guard rename(unfinished, path) == 0 else {
      throw StoreError(.io, "The daily copy \(path) cannot be made")
    }
    for old in all.dropLast(max(1, count)) { StoreFiles.remove(old) }
    return path
  }
}
