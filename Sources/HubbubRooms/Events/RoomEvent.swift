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
  /// The event as `rendition` sees it, in lines; empty where it does not. For what is queued for
  /// one reader alone, whose `Outbox` puts it into frames where those are read.
  func encoded(as rendition: Rendition, _ place: EventPlace) -> [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes, as: rendition, place)
    return bytes
  }

  /// Appends the event as it leaves for those who read `rendition`: in frames where those are read.
  func appendFramed(to bytes: inout [UInt8], as rendition: Rendition, _ place: EventPlace) {
    let start = bytes.count
    append(to: &bytes, as: rendition, place)
    guard let kind = rendition.frames, bytes.count > start else { return }
    WebFrames.frame(linesFrom: start, in: &bytes, as: kind)
  }
}
