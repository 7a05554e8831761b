/// What the parser accepts is written as a line that parses to the same message, and as no more than one line.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let message = parsed(Array(UnsafeBufferPointer(start: start, count: count))) else {
    return 0
  }
  require(!message.command.isEmpty, "A message without a command")
  require(message.parameters.count <= 15, "\(message.parameters.count) parameters")
  // A line may have anything for a command; only words are ever written.
  guard message.command.utf8.allSatisfy({ Ascii.isLetter($0) || Ascii.isDigit($0) }) else {
    return 0
  }
  let line = message.encoded()
  require(line.suffix(2) == [0x0D, 0x0A], "The line has no end")
  let text = Array(line.dropLast(2))
  require(!text.contains { [0x00, 0x0A, 0x0D].contains($0) }, "Several lines: \(message)")
  let again = parsed(text)
  require(again == message, "\(message) became \(again.map { "\($0)" } ?? "no message")")
  require(again?.encoded() == line, "The same message makes different lines: \(message)")
  return 0
}

private func parsed(_ bytes: [UInt8]) -> Message? {
  bytes.withUnsafeBytes { try? Message(parsing: $0) }
}
