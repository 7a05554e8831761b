/// Whatever a proxy sends, its header ends somewhere or is none, after no more bytes than a header may have; no byte
/// behind it is taken; and an address that comes of it is one.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzProxy(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = Input(start, count)
  // Half of the inputs begin as a header of version 2 does, or the fuzzer would seldom come further.
  let signature = Array("\r\n\r\n\0\r\nQUIT\n".utf8)
  let bytes = (input.byte() & 1 == 0 ? signature : []) + input.bytes
  var header = ProxyHeader()
  var taken = 0
  while case .incomplete(let wanted) = header.state {
    require(wanted > 0, "Nothing is wanted of an incomplete header: \(bytes)")
    require(taken + wanted <= 16 + 4096, "A header of \(taken + wanted) bytes")
    for _ in 0..<wanted {
      guard taken < bytes.count, case .incomplete = header.state else { break }
      header.feed(bytes[taken])
      taken += 1
    }
    if taken == bytes.count { break }
  }
  switch header.state {
  case .incomplete: require(taken == bytes.count, "It stopped before the end: \(bytes)")
  case .malformed(let words): require(!words.isEmpty, "No words for \(bytes)")
  case .complete(.proxy): break
  case .complete(.client(let address, _)):
    require(!address.isEmpty && address.utf8.count < 46, "No address: '\(address)'")
    require(
      address.utf8.allSatisfy { "0123456789abcdef.:".utf8.contains($0) }, "'\(address)'")
  }
  return 0
}
