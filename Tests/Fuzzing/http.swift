/// Whatever bytes come and however they are cut: the head of a request is read the same way, takes
/// no more than its limits, and has nothing in it that a reader behind us could take for something
/// else. A body never grows beyond its limit.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzHTTP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = Input(start, count)
  var limits = HTTPLimits()
  limits.headBytes = 32 + input.byte()
  limits.fields = 1 + input.byte() % 8
  let cut = 1 + input.byte() % 16
  // Most inputs begin as a request does, or the fuzzer would seldom come further.
  let prefix = ["", "GET / HTTP/1.1\r\n", "POST /a?b HTTP/1.1\r\nHost: a\r\n"][input.byte() % 3]
  let bytes = Array(prefix.utf8) + input.bytes

  let (state, taken) = head(bytes, bytes.count, limits)
  let (again, takenAgain) = head(bytes, cut, limits)
  require(state == again && taken == takenAgain, "In pieces of \(cut) another head: \(bytes)")
  require(taken <= limits.headBytes + 1, "A head of \(taken) bytes")
  switch state {
  case .incomplete: require(taken == bytes.count, "It stopped before the end: \(bytes)")
  case .refused(let refusal):
    require(
      refusal.status.rawValue >= 400 && !refusal.sentence.isEmpty, "\(refusal) for \(bytes)")
  case .complete(let request):
    check(request, limits)
    checkBody(request.body, Array(bytes[taken...]), cut)
  }
  return 0
}

private func head(
  _ bytes: [UInt8], _ size: Int, _ limits: HTTPLimits
) -> (HTTPRequestParser.State, Int) {
  var parser = HTTPRequestParser(limits: limits)
  let taken = feed(bytes, size) { parser.feed($0) }
  return (parser.state, taken)
}

/// Each piece is a copy of exactly these bytes, so that a read beyond it is one beyond its
/// allocation.
private func feed(_ bytes: [UInt8], _ size: Int, to take: (UnsafeRawBufferPointer) -> Int) -> Int {
  var taken = 0
  for start in stride(from: 0, to: bytes.count, by: max(1, size)) {
    taken += Array(bytes[start..<min(bytes.count, start + size)]).withUnsafeBytes { take($0) }
  }
  return taken
}

private func check(_ request: HTTPRequest, _ limits: HTTPLimits) {
  let isClean = { (text: String) in text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 9 } }
  require(request.fields.count <= limits.fields, "\(request.fields.count) fields")
  require(request.fields.values(of: "Host").count == 1, "Not one host: \(request)")
  require(request.target.path.hasPrefix("/"), "A path without a slash: \(request.target)")
  require(!request.target.segments.isEmpty, "No segments: \(request.target)")
  for field in request.fields.all {
    require(
      field.name.utf8.allSatisfy(HTTPRequestParser.isTokenByte) && !field.name.isEmpty
        && isClean(field.value) && HTTPFields.trimmed(field.value) == field.value, "\(field)")
    _ = request.fields.list(field.name)
  }
  if case .length(let count) = request.body { require(count > 0, "A body of \(count) bytes") }
}

private func checkBody(_ body: HTTPBody, _ bytes: [UInt8], _ cut: Int) {
  func read(_ size: Int) -> (HTTPBodyReader.State, Int) {
    var reader = HTTPBodyReader(body, limitBytes: 64)
    let taken = feed(bytes, size) { reader.feed($0) }
    return (reader.state, taken)
  }
  let (state, taken) = read(bytes.count)
  require((state, taken) == read(cut), "In pieces of \(cut) another body: \(bytes)")
  if case .complete(let content) = state { require(content.count <= 64, "\(content.count) bytes") }
}
