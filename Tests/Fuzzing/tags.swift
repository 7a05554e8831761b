/// Any value comes back from the wire as it was, and what is read is written so that it is read the same.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzTags(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = Input(start, count).text
  let value = Tag("k", text)
  let line = written([value])
  let forbidden: [UInt8] = [0x20, 0x3B, 0x0D, 0x0A]
  require(!line.contains { forbidden.contains($0) }, "Unescaped: \(line)")
  require(same(Tag.parse(String(decoding: line, as: UTF8.self)), [value]), "\(value)")

  let tags = Tag.parse(text)
  let again = Tag.parse(String(decoding: written(tags), as: UTF8.self))
  require(same(tags, again), "\(tags) became \(again)")
  return 0
}

/// What stands between the `@` and the space.
private func written(_ tags: [Tag]) -> [UInt8] {
  var line: [UInt8] = []
  Tag.append(tags, to: &line)
  guard !tags.isEmpty else { return [] }
  require(line.first == 0x40 && line.last == 0x20, "No tags: \(line)")
  return Array(line.dropFirst().dropLast())
}

/// Byte for byte: strings that differ only in how characters are composed are equal in Swift.
private func same(_ left: [Tag], _ right: [Tag]) -> Bool {
  left.count == right.count
    && zip(left, right).allSatisfy {
      $0.key.utf8.elementsEqual($1.key.utf8) && $0.value.utf8.elementsEqual($1.value.utf8)
    }
}
