import HubbubSockets

/// Small files of text, read whole.
public enum TextFile {
  /// Reads a file. What is not UTF-8 in it becomes U+FFFD. Waits for the disk.
  public static func read(_ path: String) throws(FileError) -> String {
    String(decoding: try SmallFile.read(path), as: UTF8.self)
  }

  /// Reads a file that must be UTF-8: of what is not, a part would be lost.
  static func readStrictly(_ path: String) throws(FileError) -> String {
    guard let text = String(validating: try SmallFile.read(path), as: UTF8.self) else {
      throw FileError(reason: "it is not UTF-8; save it in that encoding")
    }
    return text
  }

  /// The lines of a text, whatever ends them; the end of the last makes no line more.
  public static func lines(_ text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { String($0.filter { $0 != "\0" }) }
  }

  /// A name that stands in `file`: from that file's folder on, where it does not begin with a
  /// slash.
  static func path(_ name: String, from file: String) -> String {
    guard !name.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return name }
    return String(file[...slash]) + name
  }
}
