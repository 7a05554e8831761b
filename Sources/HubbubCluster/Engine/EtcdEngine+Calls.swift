import FoundationEssentials

/// Calls that have one answer.
extension EtcdEngine {
  /// An answer is never longer: one piece of a state is the largest thing that is read.
  private static let answerBytes = 8 << 20

  /// Asks until a server answers; see `EtcdEngine`.
  func ask<Answer: Decodable>(
    _ path: String, _ request: some Encodable, for type: Answer.Type = Answer.self
  ) throws(EngineError) -> Answer {
    do throws(EtcdFailure) {
      return try call(path, request, for: type)
    } catch {
      throw error.error
    }
  }

  /// As `ask`, with what the server said.
  func call<Answer: Decodable>(
    _ path: String, _ request: some Encodable, for type: Answer.Type = Answer.self
  ) throws(EtcdFailure) -> Answer {
    let body = Self.json(request)
    let deadline = ContinuousClock.now + settings.callTimeout
    var endpoint = self.endpoint
    var left = settings.endpoints.count
    while true {
      do throws(EtcdFailure) {
        let answer = try withToken(endpoint, by: deadline) { token throws(EtcdFailure) in
          try post(body, to: path, of: endpoint, token: token, by: deadline)
        }
        return try Self.decode(answer, at: address(of: endpoint))
      } catch {
        guard error.remedy == .nextServer else { throw error }
        leave(endpoint)
        endpoint = next(after: endpoint)
        left -= 1
        // In less time than that no server answers.
        let timeLeft = deadline - ContinuousClock.now
        guard left > 0, timeLeft > settings.callTimeout / 10 else { throw error }
      }
    }
  }

  /// Runs `body` with a token, and once more with another where the server does not know that one.
  ///
  /// - Parameter deadline: for getting the tokens; nil where each may take as long as a call.
  func withToken<Result>(
    _ endpoint: Int, by deadline: ContinuousClock.Instant? = nil,
    _ body: (String?) throws(EtcdFailure) -> Result
  ) throws(EtcdFailure) -> Result {
    guard let user = settings.user else { return try body(nil) }
    let login = EtcdLogin(name: user, password: settings.password ?? "")
    let first: String
    if let known = token.withLock({ $0 }) {
      first = known
    } else {
      first = try logIn(login, endpoint, by: deadline)
    }
    do throws(EtcdFailure) {
      return try body(first)
    } catch {
      guard error.remedy == .newToken else { throw error }
      token.withLock { if $0 == first { $0 = nil } }
      return try body(logIn(login, endpoint, by: deadline))
    }
  }

  private func logIn(
    _ login: EtcdLogin, _ endpoint: Int, by deadline: ContinuousClock.Instant?
  ) throws(EtcdFailure) -> String {
    let deadline = deadline ?? .now + settings.callTimeout
    let bytes = try post(
      Self.json(login), to: "/v3/auth/authenticate", of: endpoint, token: nil, by: deadline)
    let answer: EtcdLogin.Answer = try Self.decode(bytes, at: address(of: endpoint))
    token.withLock { $0 = answer.token }
    return answer.token
  }

  /// Posts to one server.
  ///
  /// - Returns: its answer's body, where it carried out what was asked.
  private func post(
    _ body: [UInt8], to path: String, of endpoint: Int, token: String?,
    by deadline: ContinuousClock.Instant
  ) throws(EtcdFailure) -> [UInt8] {
    var answer: [UInt8] = []
    var isTooLong = false
    let request = request(
      body, to: path, of: endpoint, token: token, timeout: deadline - ContinuousClock.now)
    let outcome = try withConnection { connection in
      connection.post(request, goesOn: { !isStopped }) { _, bytes in
        isTooLong = answer.count + bytes.count > Self.answerBytes
        if !isTooLong { answer += bytes }
        return !isTooLong
      }
    }
    let address = address(of: endpoint)
    switch outcome {
    case .answered(200): return answer
    case .answered(let status): throw Self.failure(status, answer, at: address)
    case .ended where isTooLong: throw EtcdFailure(.strange("\(address): it has no end"))
    case .ended: throw EtcdFailure(.stopped)
    case .away(let reason):
      throw EtcdFailure(.away("\(address): \(reason)"), remedy: .nextServer)
    case .untrusted(let reason):
      throw EtcdFailure(.refused("\(address): \(reason)"), remedy: .nextServer)
    }
  }

  func request(
    _ body: [UInt8], to path: String, of endpoint: Int, token: String?, timeout: Duration?
  ) -> EtcdConnection.Request {
    var headers = ["Content-Type: application/json"]
    if let token { headers.append("Authorization: \(token)") }
    // Half of the time, so that the next server can be asked as well.
    let connectTimeout = min(settings.callTimeout / 2, timeout ?? settings.callTimeout)
    return EtcdConnection.Request(
      url: settings.endpoints[endpoint] + path, headers: headers, body: body,
      authorities: settings.authorityFile, connectTimeout: connectTimeout, timeout: timeout)
  }

  /// What an answer with another status than 200 means.
  static func failure(_ status: Int, _ body: [UInt8], at address: String) -> EtcdFailure {
    let decoder = JSONDecoder()
    let fault =
      (try? decoder.decode(EtcdFault.self, from: Data(body)))
      ?? (try? decoder.decode(EtcdStreamed<EtcdNothing>.self, from: Data(body)))?.error
    if let fault { return EtcdFailure(fault, at: address) }
    // What stands before a server may have said it.
    return status >= 500
      ? EtcdFailure(.away("\(address): HTTP status \(status)"), remedy: .nextServer)
      : EtcdFailure(.strange("\(address): HTTP status \(status)"))
  }

  static func json(_ request: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode(request) else {
      preconditionFailure("A request of strings alone is always JSON.")
    }
    return Array(data)
  }

  /// An answer's content is never shown: it may be a token.
  private static func decode<Answer: Decodable>(
    _ body: [UInt8], at address: String
  ) throws(EtcdFailure) -> Answer {
    do {
      return try JSONDecoder().decode(Answer.self, from: Data(body))
    } catch {
      throw EtcdFailure(.strange("\(address): something is missing in what it says"))
    }
  }
}
