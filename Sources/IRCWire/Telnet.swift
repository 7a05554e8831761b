/// The telnet protocol (RFC 854), as far as a server that wants none of it must know it.
public enum Telnet {
  /// "Interpret as Command"; no byte of UTF-8.
  public static let command: UInt8 = 255

  /// WILL, WON'T, DO and DON'T, each with one byte behind it.
  private static let options: ClosedRange<UInt8> = 251...254

  /// The beginning of a subnegotiation, and its end.
  private static let (beginning, end): (UInt8, UInt8) = (250, 240)

  /// A line without the commands that a telnet client puts into what is typed.
  public static func text(of line: [UInt8]) -> [UInt8] {
    var rest = line[...]
    var text: [UInt8] = []
    while let start = rest.firstIndex(of: command) {
      text += rest[..<start]
      rest = rest[(start + 1)...]
      guard let kind = rest.popFirst() else { break }
      if options.contains(kind) { rest = rest.dropFirst() }
      if kind == beginning { skipNegotiation(&rest) }
    }
    return text + rest
  }

  private static func skipNegotiation(_ rest: inout ArraySlice<UInt8>) {
    while let next = rest.popFirst() {
      if next == command, rest.popFirst() == end { return }
    }
  }
}
