import HubbubLog
import IRCWire

/// Whoever reads a room's log: a session of somebody who is here, or an observer, which has no seat
/// and is no member. A value, guarded by the room's lock.
struct RoomReader: Rostered, Sendable {
  /// By which its own events are known; of observers any number that is nobody's.
  let id: MemberID
  let outbox: Outbox

  /// nil for an observer.
  let session: MemberSession?

  /// The form in which it reads.
  var rendition: Rendition

  /// Where it reads.
  var cursor: Cursor

  var rosterID: MemberID { id }

  /// Whether it reads as what was negotiated.
  func isFor(_ capabilities: Capability) -> Bool {
    rendition == Rendition(of: capabilities)
      && cursor.wantsEcho == capabilities.contains(.echoMessage)
  }
}
