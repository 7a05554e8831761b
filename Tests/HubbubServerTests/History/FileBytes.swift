import Foundation

/// The bytes of a file, to look for words that must not be in it.
struct FileBytes {
  private let data: Data

  static func read(_ path: String) throws -> FileBytes {
    FileBytes(data: try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  func contains(_ text: String) -> Bool { data.range(of: Data(text.utf8)) != nil }
}
