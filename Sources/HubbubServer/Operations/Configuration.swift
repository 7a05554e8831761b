import HubbubCluster
import HubbubSockets

/// What a server is started with.
public struct Configuration: Sendable, Equatable {
  /// Where to listen.
  public var endpoints = [Endpoint(host: "127.0.0.1", port: 6667)]

  /// The server's name on the wire: no spaces, with a dot.
  public var serverName = "hubbub.local"

  /// What the server says it is, in LINKS and WHOIS.
  public var serverDescription = "A Hubbub chat server"

  /// The network's name in ISUPPORT.
  public var networkName = "Hubbub"

  /// Where to listen with TLS, which needs `tls`.
  public var secureEndpoints: [Endpoint] = []

  /// Where proxies come to pass on their clients (PROXY protocol), in plain text and with TLS
  /// behind the header.
  public var proxiedEndpoints: [Endpoint] = []
  public var proxiedSecureEndpoints: [Endpoint] = []

  /// Addresses and networks (CIDR) of the proxies that are let in there.
  public var proxies: [String] = []

  /// Where browsers come, in plain text and with TLS.
  public var webEndpoints: [Endpoint] = []
  public var secureWebEndpoints: [Endpoint] = []

  /// Names under which browsers reach the server, besides its own and those of its certificate.
  public var webNames: [String] = []

  /// Pages of other servers that may connect here, as `https://chat.example`; `*` is every page.
  public var webOrigins: [String] = []

  /// Addresses and networks (CIDR) of the proxies that are believed whom they bring to the web
  /// ports (`X-Forwarded-For`).
  public var webProxies: [String] = []

  /// Programs that may ask the web ports for more than everybody.
  public var tokens: [AccessToken] = []

  /// Gateways from the web, which say with WEBIRC where their clients come from.
  public var gateways: [Gateway] = []

  /// The certificate and the rules of TLS; nil where there is none.
  public var tls: TLSSettings?

  /// What a client must send with PASS, or its hash as `crypt(5)` keeps it; nil lets everybody in.
  public var password: String?

  /// What ADMIN answers.
  public var administration = Administration()

  /// Who may become an operator of the server.
  public var operators: [OperatorAccount] = []

  /// Nicknames that nobody can have.
  public var reservedNicknames = ReservedNicknames(ReservedNicknames.usual)

  /// The rooms that are always there.
  public var rooms: [PersistentRoom] = []

  /// The room that people come into who connect with nothing but a terminal; nil leaves them out.
  public var lobby: String? = "#lobby"

  /// Where server bans are kept over a restart; nil forgets them.
  public var banFile: String?

  /// The folder of what outlives the server, as accounts and history; nil keeps nothing.
  public var state: String?

  /// Whether that is the usual folder, and nobody named it.
  public var isStateUsual = false

  /// Of which network it is a part; of none where no engine is named.
  public var cluster = ClusterSettings()

  public var accounts = AccountSettings()
  public var history = HistorySettings()

  /// Whether cloaks are shown in the place of addresses: of everybody, of nobody; nil decides by
  /// where the server listens.
  public var cloaks: Bool?

  /// Where the cloaks' key is kept; nil for the usual place.
  public var cloakKeyFile: String?

  /// Clients that are limited in another way than all others.
  public var classes = ClientClass.usual

  /// Whether operators may stop the server with DIE.
  public var allowsDie = false

  /// The lines of the message of the day; nil where there is none.
  public var messageOfTheDay: [String]?

  public var limits = Limits()

  /// Whether the member that is delivered to first changes from message to message. False is
  /// unfair, and there only to show how unfair.
  public var rotatesFanOut = true

  /// Whether all members of a room are written to with one system call, where the system allows
  /// that (io_uring).
  public var writesInGroups = true

  /// Whether everybody may see how evenly rooms are served, and not their operators alone. Secret
  /// rooms stay secret.
  public var hasOpenStatistics = false

  public init() {}
}
