/// Every letter of a mode string is one request, and the changes among them, written down, are read the same.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzModes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let words = Input(start, count).text.split(separator: " ", omittingEmptySubsequences: false)
  let modes = String(words.first ?? "")
  let parameters = words.dropFirst().map(String.init)
  let requests = syntax.parse(modes, parameters: parameters)
  require(
    requests.count == modes.count { $0 != "+" && $0 != "-" },
    "\(requests.count) requests in \(modes)")

  let changes = requests.compactMap { request in
    if case .change(let change) = request { return change }
    return nil as ModeChange?
  }
  require(
    changes.compactMap(\.parameter)
      == Array(parameters.prefix(changes.count { $0.parameter != nil })),
    "Parameters out of order: \(changes)")
  for change in changes {
    let takes: Bool? =
      switch change.mode {
      case "l": change.isAdding
      case "k": change.isAdding ? true : nil
      default: "beIqaohv".contains(change.mode)
      }
    require(
      takes == nil || takes == (change.parameter != nil), "A parameter too many or few: \(change)")
  }
  let line = ModeChange.encoded(changes)
  let again = syntax.parse(line.first ?? "", parameters: Array(line.dropFirst()))
  require(again == changes.map { .change($0) }, "\(changes) became \(again)")
  return 0
}

private let syntax = ModeSyntax(
  lists: "beI", always: "k", whenSet: "l", flags: "imnstCR",
  prefixes: [("q", "~"), ("a", "&"), ("o", "@"), ("h", "%"), ("v", "+")])
