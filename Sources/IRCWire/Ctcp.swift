/// Messages from client to client within a message: text between two bytes of value 1 (Modern IRC
/// CTCP).
public enum Ctcp {
  private static let delimiter: UInt8 = 0x01

  /// Whether the text is such a message.
  public static func isMessage(_ text: String) -> Bool { text.utf8.first == delimiter }

  /// What somebody does, where the text is an ACTION.
  public static func action(_ text: String) -> String? {
    let head = "\u{1}ACTION "
    guard text.utf8.starts(with: head.utf8) else { return nil }
    let rest = text.dropFirst(head.count)
    return String(rest.utf8.last == delimiter ? rest.dropLast() : rest)
  }

  /// Whether it is a message that asks a program for something: anything but an ACTION.
  public static func isRequest(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { isRequest(UnsafeRawBufferPointer($0)) }
  }

  /// The same of a text's bytes.
  public static func isRequest(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.first == delimiter else { return false }
    let command = text.dropFirst().prefix { $0 != Ascii.space && $0 != delimiter }
    return !command.elementsEqual("ACTION".utf8)
  }
}
