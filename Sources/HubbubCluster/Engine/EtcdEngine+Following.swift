import FoundationEssentials

/// Reading the log.
extension EtcdEngine {
  /// Asks one server. Where that ends the log, or says nothing, the next one is asked first from
  /// then on: the caller calls again.
  public func follow(
    after revision: Int64, patience: Duration, _ body: ([LogEntry]) -> Bool
  ) throws(EngineError) {
    let endpoint = self.endpoint
    var reader = EtcdWatchReader(keys, after: revision, address: address(of: endpoint))
    do throws(EtcdFailure) {
      try withToken(endpoint) { token throws(EtcdFailure) in
        try watch(&reader, at: endpoint, token: token, patience: patience, body)
      }
    } catch {
      if error.remedy == .nextServer { leave(endpoint) }
      throw error.error
    }
  }

  /// A server that another call has given up is waited for no longer than this.
  private static let doubt: Duration = .milliseconds(500)

  private func watch(
    _ reader: inout EtcdWatchReader, at endpoint: Int, token: String?, patience: Duration,
    _ body: ([LogEntry]) -> Bool
  ) throws(EtcdFailure) {
    var request = request(
      Self.json(EtcdWatch(keys.all, from: reader.revision + 1)), to: "/v3/watch", of: endpoint,
      token: token, timeout: nil)
    // A server that has no leader ends it then, instead of going on with nothing.
    request.headers.append("Grpc-Metadata-hasleader: true")
    var failure: EtcdFailure?
    var heardAt = ContinuousClock.now
    let outcome = try withConnection { connection in
      connection.post(request) {
        if isStopped {
          failure = EtcdFailure(.stopped)
        } else if ContinuousClock.now - heardAt > patience {
          failure = EtcdFailure(.silent, remedy: .nextServer)
        } else if self.endpoint != endpoint, ContinuousClock.now - heardAt > Self.doubt {
          // Whoever appends has left this server, and it says nothing here either.
          failure = EtcdFailure(.silent)
        }
        return failure == nil
      } receive: { status, bytes in
        // Also when it is given back: how long `body` takes is not the server's silence.
        defer { heardAt = .now }
        do throws(EtcdFailure) {
          let entries = try reader.read(bytes, status: status)
          return entries.isEmpty || body(entries)
        } catch {
          failure = error
          return false
        }
      }
    }
    if let failure { throw failure }
    let address = address(of: endpoint)
    switch outcome {
    case .ended: return
    case .answered(let status): throw reader.end(status: status)
    case .away(let reason):
      throw EtcdFailure(.away("\(address): \(reason)"), remedy: .nextServer)
    case .untrusted(let reason):
      throw EtcdFailure(.refused("\(address): \(reason)"), remedy: .nextServer)
    }
  }
}
