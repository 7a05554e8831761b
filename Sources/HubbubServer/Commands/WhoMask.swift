import HubbubRooms
import IRCWire

/// Whom a WHO asks for that names no channel and nobody: a pattern for any of what is known of a
/// person, a mask of `nickname!user@host`, or an address or a network.
struct WhoMask {
  private let pattern: Mask

  /// Where the text is a whole mask, an address or a network.
  private let source: SourceMask?

  /// - Parameter text: "0" is everybody.
  init(_ text: String) {
    let text = IPAddress.restoringColon(of: text)
    pattern = Mask(text == "0" ? "*" : text)
    let isSource = text.contains("@") || AddressRange(text) != nil
    do throws(MaskFault) { source = isSource ? try SourceMask(completing: text) : nil } catch {
      source = nil
    }
  }

  func matchesServer(called name: String) -> Bool { pattern.matches(name) }

  /// - Parameter showsAddress: whether the one who asks may see the address as well.
  func matches(_ profile: Profile, showsAddress: Bool) -> Bool {
    if let source {
      return source.matches(showsAddress ? profile.maskSubject : profile.visibleSubject)
    }
    // With the tilde or without, as in all masks.
    return pattern.matches(profile.nickname) || pattern.matches(profile.userName)
      || pattern.matches(String(profile.userName.drop { $0 == "~" }))
      || pattern.matches(profile.host) || pattern.matches(profile.realName)
      || showsAddress && pattern.matches(profile.peerAddress)
  }
}
