import HubbubThreads
import Synchronization

/// The engine on etcd 3.4, through the JSON that its servers speak over HTTP. Any thread may call
/// any method.
///
/// | key | value |
/// |---|---|
/// | `hub/NETWORK/log/N` | the last batch of node N, which the next one replaces |
/// | `hub/NETWORK/node/N` | the card of node N, for as long as its lease |
/// | `hubsnap/NETWORK/genesis` | what all nodes begin with |
/// | `hubsnap/NETWORK/R/i`, `…/R/done` | the state at revision R: its pieces, then their number |
///
/// Each put of a log's key is a revision, and the sequence of revisions is the log. A put is part
/// of a transaction that compares how often the key was put before, and the revision at which the
/// node's own key was made: so a batch is never there twice, and none comes after its tenure.
///
/// A call goes to one server. Where that does not answer, the next is asked, each of them once and
/// all of them within `EtcdSettings.callTimeout`; then it throws `.away`. That may be after no time
/// at all where nobody listens: whoever tries again pauses before.
public final class EtcdEngine: Engine {
  let settings: EtcdSettings
  let keys: EtcdKeys

  /// The index of the server that is asked first. Relaxed: nothing else goes with it.
  private let current = Atomic(0)

  /// Whether `stop` was called. Relaxed: whoever sees it ends, and reads nothing that was written
  /// before.
  private let stopFlag = Atomic(false)

  /// Guards the connections that no call uses. As many as there were calls at a time: so each of a
  /// node's threads finds one that is open.
  private let idle = Monitor<[EtcdConnection]>([])

  /// Guards what etcd gave for the password; nil where it has to be asked.
  let token = Monitor<String?>(nil)

  public init(_ settings: EtcdSettings) {
    precondition(
      EtcdSettings.isNetworkName(settings.network), "The network's name was not checked.")
    precondition(
      !settings.endpoints.isEmpty && settings.endpoints.allSatisfy(EtcdSettings.isEndpoint),
      "The addresses of the engine were not checked.")
    self.settings = settings
    keys = EtcdKeys(network: settings.network)
  }

  public func stop() { stopFlag.store(true, ordering: .relaxed) }

  public var address: String { address(of: endpoint) }

  var isStopped: Bool { stopFlag.load(ordering: .relaxed) }

  /// The index of the server to ask first.
  var endpoint: Int { current.load(ordering: .relaxed) }

  func address(of endpoint: Int) -> String { "etcd at \(settings.endpoints[endpoint])" }

  /// The server that comes after another.
  func next(after endpoint: Int) -> Int { (endpoint + 1) % settings.endpoints.count }

  /// A server does not answer: the next is asked first from now on, unless another thread has seen
  /// to that.
  func leave(_ endpoint: Int) {
    _ = current.compareExchange(
      expected: endpoint, desired: next(after: endpoint), ordering: .relaxed)
  }

  /// Runs `body` with a connection that no other thread uses meanwhile, unless `stop` was called.
  func withConnection<Result>(
    _ body: (EtcdConnection) throws(EtcdFailure) -> Result
  ) throws(EtcdFailure) -> Result {
    guard !isStopped else { throw EtcdFailure(.stopped) }
    let connection = idle.withLock { $0.popLast() } ?? EtcdConnection()
    defer { idle.withLock { $0.append(connection) } }
    return try body(connection)
  }
}
