/// The keys of one network. Numbers have zeros before them where the order of keys matters.
struct EtcdKeys: Sendable {
  private let hub: String
  private let snapshots: String

  init(network: String) {
    hub = "hub/\(network)/"
    snapshots = "hubsnap/\(network)/"
  }

  // MARK: The log

  /// Everything that is followed.
  var all: EtcdKeyRange { EtcdKeyRange(prefix: hub) }

  var members: EtcdKeyRange { EtcdKeyRange(prefix: hub + "node/") }

  func member(_ node: NodeID) -> EtcdBytes { EtcdBytes("\(hub)node/\(Self.padded(node, to: 4))") }

  func log(of node: NodeID) -> EtcdBytes { EtcdBytes("\(hub)log/\(Self.padded(node, to: 4))") }

  /// What a key of the log stands for.
  enum Subject {
    case log(NodeID)
    case member(NodeID)
  }

  /// - Returns: nil for a key that this version does not know.
  func subject(of key: [UInt8]) -> Subject? {
    guard key.starts(with: hub.utf8) else { return nil }
    let name = key.dropFirst(hub.utf8.count)
    if name.starts(with: "log/".utf8) { return Self.node(name.dropFirst(4)).map { .log($0) } }
    if name.starts(with: "node/".utf8) { return Self.node(name.dropFirst(5)).map { .member($0) } }
    return nil
  }

  // MARK: The states

  var genesis: EtcdBytes { EtcdBytes(snapshots + "genesis") }

  /// All states that are kept: their names begin with a digit.
  var states: EtcdKeyRange {
    EtcdKeyRange(from: EtcdBytes(snapshots + "0"), to: EtcdBytes(snapshots + ":"))
  }

  func state(at revision: Int64) -> EtcdKeyRange {
    EtcdKeyRange(prefix: "\(snapshots)\(Self.padded(revision, to: 20))/")
  }

  func piece(_ index: Int, ofStateAt revision: Int64) -> EtcdBytes {
    EtcdBytes("\(snapshots)\(Self.padded(revision, to: 20))/\(Self.padded(index, to: 6))")
  }

  /// Written last: without it a state is not whole.
  func seal(ofStateAt revision: Int64) -> EtcdBytes {
    EtcdBytes("\(snapshots)\(Self.padded(revision, to: 20))/done")
  }

  /// Whose key it is, among those of `states`.
  func stateKey(_ key: [UInt8]) -> (revision: Int64, isSeal: Bool)? {
    guard key.starts(with: snapshots.utf8) else { return nil }
    let parts = key.dropFirst(snapshots.utf8.count).split(separator: UInt8(ascii: "/"))
    guard parts.count == 2, let revision = Int64(String(decoding: parts[0], as: UTF8.self))
    else { return nil }
    return (revision, parts[1].elementsEqual("done".utf8))
  }

  private static func node(_ digits: ArraySlice<UInt8>) -> NodeID? {
    NodeID(String(decoding: digits, as: UTF8.self))
  }

  private static func padded(_ number: some BinaryInteger, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
