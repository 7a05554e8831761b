/// A mask matches what the plainest matcher says it does; and the fuzzer's limit of time for one input says
/// that no mask takes exponential time.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzMasks(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let parts = Input(start, count).text.split(
    separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
  let (pattern, text) = (String(parts[0]), String(parts.count > 1 ? parts[1] : ""))
  let mask = Mask(pattern)
  require(
    mask.matches(text) == plainlyMatches(pattern, text),
    "'\(pattern)' on '\(text)': \(mask.matches(text))")
  require(Mask(pattern + "*").matches(pattern), "'\(pattern)*' does not match '\(pattern)'")
  checkSources(pattern, text)
  checkAddresses(text)
  return 0
}

/// What is accepted as a mask of people reads back as the same mask, and is in no list twice.
private func checkSources(_ pattern: String, _ text: String) {
  do throws(MaskFault) {
    let mask = try SourceMask(completing: pattern)
    let again = try SourceMask(completing: mask.description)
    require(again == mask && again.hashValue == mask.hashValue, "'\(pattern)' became '\(mask)'")
    require(again.description == mask.description, "'\(mask)' became '\(again)'")
    let subject = MaskSubject(
      nickname: text, users: ["~\(text)"], hosts: [text], address: IPAddress(text))
    require(
      mask.matches(subject) == again.matches(subject),
      "'\(pattern)' and '\(mask)' differ on '\(text)'")
  } catch {
    require(!error.description.isEmpty, "'\(pattern)' is refused without a word")
  }
  // A nickname is matched by itself, and with everything else unknown.
  guard Names.isNickname(pattern, limit: 32) else { return }
  do throws(MaskFault) {
    let mask = try SourceMask(completing: pattern)
    let subject = MaskSubject(nickname: pattern, users: ["~u"], hosts: [text], address: nil)
    require(mask.matches(subject), "'\(mask)' does not match '\(pattern)'")
  } catch {
    require(false, "The nickname '\(pattern)' is refused: \(error)")
  }
}

/// An address is the same in all its spellings, and lies in the networks around it alone.
private func checkAddresses(_ text: String) {
  guard let range = AddressRange(text) else { return }
  require(AddressRange(range.description) == range, "'\(text)' became '\(range)'")
  guard let address = IPAddress(text) else { return }
  for spelling in address.spellings {
    require(IPAddress(spelling) == address, "'\(text)' became '\(spelling)'")
    do throws(MaskFault) {
      let mask = try SourceMask(completing: "*!*@\(spelling)")
      let subject = MaskSubject(nickname: "n", users: ["u"], hosts: ["cloak"], address: address)
      require(mask.matches(subject), "'\(mask)' does not match '\(text)'")
    } catch {
      require(false, "The address '\(spelling)' is refused: \(error)")
    }
  }
}

/// Character by character, with a table of what matches what.
private func plainlyMatches(_ pattern: String, _ text: String) -> Bool {
  let letters = text.unicodeScalars.map(folded)
  // Whether the pattern so far matches each beginning of the text.
  var reached = [true] + letters.map { _ in false }
  for part in pattern.unicodeScalars.map(folded) {
    var next = letters.indices.map { reached[$0] && (part == "?" || part == letters[$0]) }
    next.insert(false, at: 0)
    if part == "*" {
      var isOpen = false
      next = reached.map {
        isOpen = isOpen || $0
        return isOpen
      }
    }
    reached = next
  }
  return reached.last!
}

private func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
  (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(scalar.value + 32)! : scalar
}
