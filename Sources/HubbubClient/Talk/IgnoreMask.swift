import IRCWire

/// Whom a person does not want to hear: a mask, of which a part may be missing.
///
/// Other servers have other nicknames and hosts than ours: what is no mask here, but could be one
/// there, is compared as a pattern.
struct IgnoreMask {
  private let mask: SourceMask?
  private let pattern: Mask

  /// - Throws: where it is meant as an address or a network and is none.
  init(_ text: String) throws(MaskFault) {
    pattern = Mask(text.contains { "!@".contains($0) } ? text : "\(text)!*@*")
    do throws(MaskFault) { mask = try SourceMask(completing: text) } catch {
      switch error {
      case .noNetwork, .noPrefix, .shortMappedPrefix, .networkWithWildcard, .noAddressPattern:
        throw error
      default: mask = nil
      }
    }
  }

  func matches(_ source: Source) -> Bool {
    guard let mask else { return pattern.matches(source.description) }
    let host = source.host ?? ""
    return mask.matches(
      MaskSubject(
        nickname: source.name, users: [source.user ?? ""], hosts: [host], address: IPAddress(host)))
  }
}
