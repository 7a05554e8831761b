/// Where the etcd servers of a network are, and how to speak with them.
public struct EtcdSettings: Sendable, CustomStringConvertible {
  /// The network's name, which is part of all its keys.
  public var network: String

  /// The addresses of the servers, each as good as another: `http://127.0.0.1:2379`, `https://…`.
  public var endpoints: [String]

  /// The user that etcd knows this node by; nil where it asks nobody.
  public var user: String?
  public var password: String?

  /// A file with the certificates of the authorities that are trusted (`https`); nil for those that
  /// the system trusts.
  public var authorityFile: String?

  /// How long a call may take altogether, with all servers that it tries.
  public var callTimeout = Duration.seconds(2)

  public init(
    network: String, endpoints: [String], user: String? = nil, password: String? = nil,
    authorityFile: String? = nil
  ) {
    (self.network, self.endpoints) = (network, endpoints)
    (self.user, self.password, self.authorityFile) = (user, password, authorityFile)
  }

  /// Whether a name can be part of keys: 1 to 64 letters, digits, `-`, `_` and `.`.
  public static func isNetworkName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_.".utf8.contains(byte)
        }
      }
  }

  /// Whether this is the address of a server: without a path, and without a name or password, which
  /// would be shown to people.
  public static func isEndpoint(_ address: String) -> Bool {
    for scheme in ["http://", "https://"] where address.hasPrefix(scheme) {
      let host = address.dropFirst(scheme.count)
      return !host.isEmpty
        && host.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"@/?#".utf8.contains($0) }
    }
    return false
  }

  /// Without the password.
  public var description: String {
    "network \(network), etcd at \(endpoints.joined(separator: ", "))"
  }
}
