/// Lines that are no messages of the run, and which of them a bot must look at.
enum Aside {
  /// What comes in great numbers when others join and leave, and means nothing to a bot.
  private static let meaningless: Set<String> = [
    "JOIN", "PART", "NICK", "MODE", "353", "366", "332", "333", "331", "329", "324", "PONG",
    "372", "375", "376", "CAP", "BATCH", "AWAY",
  ]

  /// Whether the line is worth a closer look.
  static func matters(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let command = command(of: line) else { return false }
    // Numerics below 400 are answers; those from 400 on are refusals.
    if command.count == 3, command[command.startIndex] < UInt8(ascii: "4") { return false }
    return !meaningless.contains(String(decoding: command, as: UTF8.self))
  }

  /// The command, behind tags and source.
  static func command(of line: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer>? {
    var rest = line[...]
    while let first = rest.first, first == UInt8(ascii: "@") || first == UInt8(ascii: ":") {
      guard let space = rest.firstIndex(of: UInt8(ascii: " ")) else { return nil }
      rest = rest[(space + 1)...]
    }
    let command = rest.prefix { $0 != UInt8(ascii: " ") && $0 != 13 }
    return command.isEmpty ? nil : command
  }
}
