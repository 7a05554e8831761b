import Glibc
import HubbubThreads
import TestSupport

@testable import HubbubCluster

/// One etcd server, or three that are one engine, on ports of this machine that were free. They are
/// killed when this goes, and leave nothing behind.
final class EtcdServer: Sendable {
  /// The addresses of all.
  let endpoints: [String]
  let processes: [Spawned]
  private let folder: TemporaryDirectory

  struct DidNotStart: Error {
    let log: String
  }

  /// - Parameters:
  ///   - quotaBytes: how large the database may become.
  ///   - identity: with which it proves who it is; nil for HTTP without TLS.
  /// - Throws: `DidNotStart` with the first server's log.
  init(count: Int = 1, quotaBytes: Int = 64 << 20, identity: TestAuthority? = nil) throws {
    let folder = TemporaryDirectory()
    let scheme = identity == nil ? "http" : "https"
    let ports = Self.freePorts(2 * count)
    let clients = ports[..<count].map { "\(scheme)://127.0.0.1:\($0)" }
    let peers = ports[count...].map { "http://127.0.0.1:\($0)" }
    let cluster = peers.enumerated().map { "n\($0)=\($1)" }.joined(separator: ",")
    var processes: [Spawned] = []
    for index in 0..<count {
      var words = [
        "/usr/bin/etcd", "--name", "n\(index)", "--data-dir", "\(folder.path)/\(index)",
        "--listen-client-urls", clients[index], "--advertise-client-urls", clients[index],
        "--listen-peer-urls", peers[index], "--initial-advertise-peer-urls", peers[index],
        "--initial-cluster", cluster, "--pre-vote", "--quota-backend-bytes", "\(quotaBytes)",
        "--heartbeat-interval", "50", "--election-timeout", "500",
      ]
      if let identity {
        words += ["--cert-file", identity.certificate, "--key-file", identity.key]
      }
      processes.append(
        try Spawned(words, environment: [:], streams: .file(output: "\(folder.path)/\(index).log")))
    }
    (endpoints, self.processes, self.folder) = (clients, processes, folder)
    try waitUntilReady(authorityFile: identity?.authorityFile)
  }

  deinit {
    for process in processes {
      kill(process.process, SIGKILL)
      _ = process.wait()
    }
  }

  /// With more patience than people have: a test that waits for a call's end sets less.
  func settings(_ network: String = "test") -> EtcdSettings {
    var settings = EtcdSettings(network: network, endpoints: endpoints)
    settings.callTimeout = .seconds(30)
    return settings
  }

  /// Asks each server until it answers.
  private func waitUntilReady(authorityFile: String?) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    for (index, endpoint) in endpoints.enumerated() {
      let engine = EtcdEngine(
        EtcdSettings(network: "none", endpoints: [endpoint], authorityFile: authorityFile))
      while (try? engine.members()) == nil {
        guard ContinuousClock.now < deadline else {
          throw DidNotStart(log: Self.text(of: "\(folder.path)/\(index).log"))
        }
        sched_yield()
      }
    }
  }

  /// Which of the servers leads.
  func leader() throws -> Int {
    struct Status: Decodable {
      let header: Header
      let leader: String

      struct Header: Decodable {
        let member: String

        enum CodingKeys: String, CodingKey {
          case member = "member_id"
        }
      }
    }
    let statuses = try endpoints.map { endpoint in
      try EtcdEngine(EtcdSettings(network: "none", endpoints: [endpoint]))
        .ask("/v3/maintenance/status", [String: String](), for: Status.self)
    }
    return statuses.firstIndex { $0.header.member == $0.leader }!
  }

  /// Ports that nobody listens on.
  private static func freePorts(_ count: Int) -> [UInt16] {
    let listeners = (0..<count).map { _ in SilentServer() }
    return listeners.map(\.port)
  }

  private static func text(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var text: [UInt8] = []
    while case let byte = getc(file), byte != EOF { text.append(UInt8(byte)) }
    return String(decoding: text, as: UTF8.self)
  }
}
