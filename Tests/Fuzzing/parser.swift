/// What the parser accepts is written as a line that parses to the same message, and as no more than one line.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  requireSameSpeech(input)
  guard let message = parsed(input) else { return 0 }
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

/// What is taken apart in place is what the parser makes of it.
private func requireSameSpeech(_ line: [UInt8]) {
  let plain = line.withUnsafeBytes { bytes in
    PlainSpeech(bytes).map { [$0.target, $0.text].map { String(decoding: $0, as: UTF8.self) } }
  }
  guard let plain else { return }
  let message = parsed(line)
  require(
    message?.parameters == plain && ["PRIVMSG", "NOTICE"].contains(message?.command),
    "\(plain) is \(message.map { "\($0)" } ?? "no message")")
}
