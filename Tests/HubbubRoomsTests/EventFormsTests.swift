import IRCWire
import Testing

@testable import HubbubRooms

/// An event is written once for all who see the same of it.
@Suite struct EventFormsTests {
  private static let capabilities: [Capability] = [
    .messageTags, .serverTime, .accountTag, .accountNotify, .extendedJoin, .awayNotify, .changeHost,
    .setName, .inviteNotify, .multiline, .batch, .channelRename, .messageRedaction, .bareTerminal,
  ]

  /// Every set of capabilities that there can be.
  private static let renditions = (0..<1 << capabilities.count).map { bits in
    Rendition(
      of: capabilities.indices.filter { bits >> $0 & 1 == 1 }.reduce(into: []) {
        $0.formUnion(capabilities[$1])
      })
  }

  private static func line(_ text: String) -> [UInt8] { Array(":n!u@h \(text)\r\n".utf8) }

  /// Of each kind one.
  private static let events: [(event: Event, forms: Int)] = {
    func event(_ variants: [Event.Variant]) -> Event {
      Event(author: 1, echo: .always, variants: variants, clientTags: [Tag("+k", "v")])
    }
    let plain = Event.Variant(line: line("PRIVMSG #r :text"))
    var known = event([plain])
    known.account = "acc"
    known.isBot = true
    return [
      (event([plain]), 16), (known, 16),
      (
        event([
          .init(needs: .extendedJoin, line: line("JOIN #r * :n")), .init(line: line("JOIN #r")),
        ]), 32
      ),
      (event([.init(needs: .channelRename, line: line("RENAME #r #s :"))]), 32),
      (
        event([
          .init(
            needs: .multiline, line: line("BATCH +1 draft/multiline #r"),
            more: [.verbatim(Array("@batch=1 ".utf8) + line("PRIVMSG #r :x"))]),
          .init(line: line("PRIVMSG #r :x"), more: [.tagged(line("PRIVMSG #r :y"))]),
        ]), 32
      ),
      (event([.hidden(from: .changeHost), .hidden(from: .bareTerminal), plain]), 32),
    ]
  }()

  @Test(
    "each rendition gets what is its own, and what is the same is written once", arguments: 0..<6)
  func forms(index: Int) {
    let (event, greatest) = Self.events[index]
    let time = Timestamp(milliseconds: 1000)
    let id = Array("e-1".utf8)
    var forms = EventForms()
    for _ in 0..<2 {
      forms.begin()
      var written = 0
      for rendition in Self.renditions {
        let bytes = forms.withBytes(of: event, as: rendition) { bytes in
          written += 1
          event.append(to: &bytes, as: rendition, time: time, id: id)
        } _: {
          Array($0)
        }
        #expect(bytes == event.encoded(as: rendition, time: time, id: id))
      }
      #expect(written <= greatest)
    }
  }
}
