import HubbubLog
import IRCWire

/// Something that happens in a room, or to one person, before it has a place in a log.
protocol RoomEvent {
  /// The session that reads it as its own; 0 for nobody's.
  var author: MemberID { get }

  /// Whether the author reads its own event: what it said only with `echo-message`, what the server
  /// made of its command (JOIN, PART, TOPIC …) always.
  var echo: Echo { get }

  /// The same that its author does not read.
  var silent: Self { get }

  /// The capabilities that change a byte of it: those who differ in none of them see the same.
  var decisive: Capability { get }

  /// Appends the event as `rendition` sees it, which may be nothing.
  func append(to bytes: inout [UInt8], as rendition: Rendition, _ place: EventPlace)
}

extension RoomEvent {
  /// The event as `rendition` sees it; empty where it does not.
  func encoded(as rendition: Rendition, _ place: EventPlace) -> [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes, as: rendition, place)
    return bytes
  }
}
