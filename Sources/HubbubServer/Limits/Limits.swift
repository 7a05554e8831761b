import HubbubWeb

/// Every limit of the server, with what happens when it is reached.
public struct Limits: Sendable, Equatable {
  /// A line without its tags, with its ending. Longer: 417, and the session goes on.
  public var lineBytes = 512

  /// The tags of a line that a client sends. Longer: 417, and the session goes on.
  public var tagBytes = 4096

  /// This many bytes without a line's end, and the connection is ended.
  public var endlessLineBytes = 64 * 1024

  /// Longer: 432.
  public var nicknameBytes = 32

  /// Longer: cut.
  public var userNameBytes = 18

  /// Longer: cut.
  public var realNameBytes = 128

  /// A room's name. Longer: 403.
  public var roomNameBytes = 64

  /// Longer: cut at a character.
  public var topicBytes = 390

  /// Longer: cut at a character.
  public var awayBytes = 200

  /// The comment of a KICK. Longer: cut at a character.
  public var kickBytes = 255

  /// The key of a room. Longer, or with a space or comma in it: 525.
  public var keyBytes = 32

  /// One more: 405.
  public var roomsPerClient = 50

  /// One more: 471.
  public var membersPerRoom = 20_000

  /// Targets of one PRIVMSG, NOTICE, TAGMSG, KICK, NAMES, WHOIS or WHOWAS. One more: 407.
  public var targetsPerCommand = 4

  /// Changes of one MODE, flags not counted. The others are left out, and that is said.
  public var modesPerCommand = 12

  /// Connections in all. One more is refused with an ERROR.
  public var clients = 12_000

  /// Connections from one address, loopback excepted. One more is refused with an ERROR.
  public var clientsPerAddress = 64

  /// Connections from one network (/24 of IPv4, /64 of IPv6), loopback excepted. One more is
  /// refused with an ERROR.
  public var clientsPerNetwork = 256

  /// New connections from one network within ten seconds, loopback excepted. One more is refused
  /// with an ERROR.
  public var connectsPerNetwork = 60

  /// Lines that a client may send at once, the classes excepted. Whoever sends more is read later,
  /// at `linesPerSecond`.
  ///
  /// What is told in many rooms at once (NICK, AWAY) counts for one more with every ten of them, a
  /// JOIN, PART or KICK with every five, a message with each further target, a WHO, NAMES or LIST
  /// with every thousand people or rooms that it looks at.
  public var burstLines = 30

  /// Bytes of answers that one line may ask for. More: it counts for as many lines as it has times
  /// as many bytes.
  public var answerBytesPerLine = 32 * 1024

  /// Lines a second that a client may send after those.
  public var linesPerSecond = 4

  /// Questions that a client may send at once for each of the rooms it may be in, besides the lines
  /// (`Allowance.Kind`). Whoever sends more is read later, at `questionsPerSecond`.
  public var questionsPerRoom = 4

  /// Questions a second that a client may send after those.
  public var questionsPerSecond = 10

  /// Masks of each of a room's lists (bans, exceptions, invitations). One more: 478.
  public var masksPerList = 100

  /// A mask in a room's list. Longer: 696.
  public var maskBytes = 200

  /// People that a client may watch with MONITOR. One more: 734.
  public var watchedPeople = 100

  /// Nicknames that were given up and are remembered for WHOWAS. The oldest are forgotten.
  public var formerNames = 1000

  /// Bytes of a message of several lines (`draft/multiline`). More: FAIL, and it is dropped.
  public var multilineBytes = 4096

  /// Lines of a message of several lines. More: FAIL, and it is dropped.
  public var multilineLines = 32

  /// Server bans, by mask and by address together. One more is refused with a notice.
  public var serverBans = 10_000

  /// Wrong passwords that one connection may try. With this one it is ended.
  public var wrongPasswords = 5

  /// Passwords that may wait to be hashed, one after the other. One more: 263, or the end for who
  /// is not in yet.
  public var passwordQueue = 64

  /// Bytes that may wait for a client. More: it is ended, with how far behind it was as the reason.
  public var sendLagBytes = 4 * 1024 * 1024

  /// Bytes that may wait for all clients together. More: those furthest behind are ended, a few at
  /// a time, with that as the reason; one address (a /64 of IPv6) may have half of it. nil: a
  /// quarter of the memory that the process may have.
  public var lagMemoryBytes: Int?

  /// Time to register in. Later: ended.
  public var registration: Duration = .seconds(30)

  /// Silence after which a new connection is told what it has reached, in case it is a person's.
  public var greeting: Duration = .seconds(3)

  /// Silence after which a client is asked with PING.
  public var pingAfter: Duration = .seconds(120)

  /// Time to answer a PING in. Later: ended.
  public var pingReply: Duration = .seconds(60)

  /// Time that whoever holds a nickname has to answer a PING in when somebody else asks for it.
  /// Later: ended. At most one such PING in this time.
  public var wantedNickname: Duration = .seconds(15)

  /// Time that a proxy has to say for whom it comes. Later: ended.
  public var proxyHeader: Duration = .seconds(5)

  /// Time for what is queued to leave when the server stops.
  public var farewell: Duration = .seconds(2)

  /// Time that a reload, REHASH, a ban and the stop wait for a disk. Longer: that is said, and chat
  /// and the stop go on; what is being read or written is done when the disk is back.
  public var disk: Duration = .seconds(5)

  /// Time that a connection ended from this side has to read its last lines.
  public var linger: Duration = .seconds(1)

  /// Time that a room's or the registry's lock, or the right to write to a connection, may be held.
  /// Longer is an error of ours: it is logged with where every thread is, and ends a debug build.
  public var stuckAfter: Duration = .seconds(5)

  /// How long a connection waits for its next try after a wrong password; twice as long after each
  /// further one, up to a minute. So long do others from its address wait as well, where clients
  /// are throttled.
  public var passwordDelay: Duration = .seconds(1)

  /// Connections to web ports that are no clients. One more: 503.
  public var webVisitors = 64

  /// The same from one address, loopback excepted. A browser opens six. One more: 503.
  public var webVisitorsPerAddress = 8

  /// Requests that an address may send at once, where clients are throttled. One more: 429.
  public var webRequests = 60

  /// Requests a second after those.
  public var webRequestsPerSecond = 10

  /// Time for a handshake, and for the head of a request. Later: 408 and the end.
  public var webHead: Duration = .seconds(10)

  /// Time for the body of a request. Later: 408 and the end.
  public var webBody: Duration = .seconds(30)

  /// Time for an answer to be read. Later: ended.
  public var webAnswer: Duration = .seconds(30)

  /// Time between two requests of one connection. Later: ended.
  public var webIdle: Duration = .seconds(5)

  /// How long a request may be; the same for all servers.
  var http: HTTPLimits { HTTPLimits() }

  public init() {}
}
