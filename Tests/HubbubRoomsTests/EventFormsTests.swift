import HubbubLog
import HubbubThreads
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
    known.tags.account = "acc"
    known.tags.isBot = true
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
            more: [line("PRIVMSG #r :x")]),
          .init(line: line("PRIVMSG #r :x"), more: [line("PRIVMSG #r :y")]),
        ]), 32
      ),
      (event([.hidden(from: .changeHost), .hidden(from: .bareTerminal), plain]), 32),
    ]
  }()

  @Test(
    "each rendition gets what is its own, and what is the same is written once", arguments: 0..<6)
  func forms(index: Int) {
    let (event, greatest) = Self.events[index]
    let place = EventPlace(Timestamp(milliseconds: 1000), id: Array("e-1".utf8), stamp: 1)
    var forms = EventForms()
    for _ in 0..<2 {
      forms.begin()
      let counted = CountedEvent(event: event)
      for rendition in Self.renditions {
        let bytes = forms.withBytes(of: counted, as: rendition, place) { Array($0) }
        #expect(bytes == event.encoded(as: rendition, place))
      }
      #expect(counted.count.withLock { $0 } <= greatest)
    }
  }
}

/// Counts how often it is written.
private struct CountedEvent: RoomEvent {
  let event: Event
  let count = Monitor(0)

  var author: MemberID { event.author }
  var echo: Echo { event.echo }
  var decisive: Capability { event.decisive }
  var silent: CountedEvent { self }

  func append(to bytes: inout [UInt8], as rendition: Rendition, _ place: EventPlace) {
    count.withLock { $0 += 1 }
    event.append(to: &bytes, as: rendition, place)
  }
}
