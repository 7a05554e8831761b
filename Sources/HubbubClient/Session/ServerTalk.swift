/// One of the servers that a person talks to: what is known of it, and the way there. The
/// terminal thread's.
final class ServerTalk {
  var chat: Chat
  let link: Link
  let inbox: Inbox

  /// The rooms to enter once the server is reached, each once.
  var startRooms: [Settings.Room]

  /// Whether the server's first words are still to come.
  var isNewHere = true

  init(chat: Chat, link: Link, inbox: Inbox, startRooms: [Settings.Room]) {
    (self.chat, self.link, self.inbox) = (chat, link, inbox)
    self.startRooms = startRooms
  }

  /// Whether another server may take its place: it was left, or never reached.
  var givesItsPlace: Bool { chat.link == .parked || isNewHere }
}
