import IRCWire

/// What somebody wants to happen, with everything that its origin decides: who, when, the text, the
/// ids. It holds no line and no name that may change before it is applied.
///
/// Actions that are applied in the same order to the same state give the same state and the same
/// refusals (`Registry.apply`). A value, for one submission.
public struct Action: Sendable {
  public let author: Author
  public let time: Timestamp
  public let deed: Deed

  public init(by author: Author, at time: Timestamp, _ deed: Deed) {
    self.author = author
    self.time = time
    self.deed = deed
  }

  /// The same with bytes of its own, for whoever keeps it or sends it somewhere.
  public var owned: Action {
    switch deed {
    case .say(let speeches, let room, let status):
      Action(by: author, at: time, .say(speeches.map(\.owned), in: room, to: status))
    case .tell(let speech, let nickname, let id):
      Action(by: author, at: time, .tell(speech.owned, to: nickname, id: id))
    case .relay(let speech, let source, let room, let isTrusted):
      Action(
        by: author, at: time,
        .relay(speech.owned, from: source, in: room, isTrusted: isTrusted))
    default: self
    }
  }

  /// What is to be done. People and rooms are named; whoever bears the name when it is applied is
  /// meant.
  public enum Deed: Sendable {
    /// One or several things that somebody says in a room, in their order.
    ///
    /// - status: says it to those alone whose status there is at least this one (STATUSMSG).
    case say([Speech], in: RoomReference, to: MemberStatus?)

    /// Says something to one person, under a message id that nothing else has.
    case tell(Speech, to: String, id: [UInt8])

    /// Says something to all who want to hear what operators of the server say to all.
    case wallops(String, id: [UInt8])

    /// Tells somebody that its connection is about to be ended by an operator of the server.
    case announceKill(of: String, reason: String, id: [UInt8])

    /// Says something for somebody elsewhere (IRCv3 draft/relaymsg).
    ///
    /// - source: `nickname!user@host` of whoever it is said for.
    /// - isTrusted: whether the author need not operate the room, because it operates the server.
    case relay(Speech, from: String, in: String, isTrusted: Bool)

    /// Takes a message back that was said in a room.
    ///
    /// - storedIn: the life (`Room.epoch`) of the room in whose history the message is, where only
    ///   that knows of it: then the author must operate the room, unless it is its own.
    /// - isOwn: whether the history says that the author's account has said it.
    /// - asServer: whether the server does it, for one of its operators.
    case redact(
      id: String, reason: String?, in: String, storedIn: [UInt8]? = nil, isOwn: Bool = false,
      asServer: Bool = false)

    /// Takes a message back that was said to one person.
    case redactPrivately(id: String, reason: String?, to: String, newID: [UInt8])

    /// Comes into a room, which is made if there is none.
    ///
    /// - isReturn: whether it was there when the server stopped: bans alone keep it out.
    case join(String, key: String?, isReturn: Bool = false)
    case part(String, reason: String?)
    case kick(String, from: String, comment: String)
    case invite(String, to: String, id: [UInt8])

    /// An empty text takes the topic away.
    case setTopic(String, in: String)

    /// - asServer: whether the server changes them, for one of its operators.
    /// - masksPerList: how many masks each list takes.
    case changeModes([ModeRequest], in: String, asServer: Bool, masksPerList: Int)

    /// Registers a room that the author operates, or gives it back (nil). What it says was decided
    /// by whoever keeps the rooms.
    ///
    /// - asServer: whether it is decided already who may.
    case keepRoom(RoomRegistration?, in: String, asServer: Bool)

    /// Gives an account a standing in a registered room, or takes it (nil).
    case setStanding(RoomRegistration.Standing?, of: String, in: String)

    /// Says who may read in a registered room, from here on, what was said before they came.
    case setVisibility(RoomRegistration.Visibility?, in: String)

    /// - reason: empty where there is none.
    case renameRoom(String, to: String, reason: String)

    /// Takes a nickname, the first one or another.
    ///
    /// - asWish: whether somebody who is not registered may wish for one that another has.
    case changeNickname(String, asWish: Bool = false)

    /// The registration is complete: the nickname that was wished for is the person's. Where
    /// somebody is here with the connection's account, it becomes that person's.
    ///
    /// - isApart: whether it is a person of its own all the same.
    case register(isApart: Bool = false)

    /// Is known from now on to have an account; nil for none any more. Where somebody else is here
    /// with that account, the connection becomes that person's.
    ///
    /// - isApart: whether it is a person of its own all the same.
    /// - credential: how it has shown that it has the account, in the form of whoever asks; nil for
    ///   none any more.
    case logIn(String?, isApart: Bool = false, credential: [UInt8]? = nil)

    /// Gives a person another nickname: its owner wants the one it has. Names it as it is called
    /// now.
    case renamePerson(String, to: String)

    /// - message: nil for somebody who is back.
    case setAway(String?)
    case setRealName(String)

    /// Changes what a person has chosen for itself with MODE.
    ///
    /// - operatorName: the account by which it operates the server from now on; nil where it does
    ///   not become an operator by this.
    case changeUserModes([ModeChange], operatorName: String?)

    /// Gives a person another address for others to see. The author is an operator of the server.
    case setAddress(userName: String, host: String, of: String)

    /// Is to go with its last connection, and not to stay. Ending the connections, with this
    /// reason, is for the servers that have them.
    case expel(reason: String)

    /// Writes something down that the servers of a network keep in common, under a key of a book,
    /// or takes it out (nil). By nobody in particular.
    ///
    /// - until: when it is over by itself; nil for never.
    case keep(book: String, key: String, value: [UInt8]?, until: Timestamp? = nil)

    /// Changes what the nodes of a network keep in common beside rooms and people. By nobody in
    /// particular.
    case amend([UInt8])

    /// No further connection becomes a person's by an account of this name, until somebody logs in
    /// to one: the name is another's now, or nobody's. By nobody in particular.
    case release(account: String)

    /// Connections are to be ended, by the servers that have them.
    case dismiss([MemberID], reason: String)

    /// The same of all that are logged in to an account, but for one.
    case dismissAll(account: Int64, except: MemberID?, reason: String)

    /// What is remembered of a room so far is to be deleted, by the servers that remember it.
    case forgetWords(in: String)

    /// Everybody is to be told something, by the servers that have them.
    case notify(String)

    /// A connection is over. With its last one the person leaves all rooms for good.
    ///
    /// - reason: what the rooms are told; nil where nobody is to be told, because all are going.
    /// - silentReason: what they are told where the reason is the person's own words and there is a
    ///   room among them in which it may not speak. In all rooms alike: a QUIT is read once, in
    ///   whichever of them.
    /// - stays: whether the person stays in its rooms without a connection.
    case quit(reason: String?, silentReason: String?, stays: Bool = false)
  }
}
