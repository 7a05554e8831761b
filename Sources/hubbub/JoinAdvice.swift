import HubbubServer
import HubbubSockets

/// How people reach a server that has just started: a line for the log.
enum JoinAdvice {
  /// nil for a server that listens nowhere.
  static func line(for server: Server) -> String? {
    let ways = [server.endpoints.first.map(plain), secure(server)].compactMap { $0 }
    guard !ways.isEmpty else { return nil }
    let web = pages(of: server).first.map { ", or open \($0) in a browser" } ?? ""
    return "join with: \(ways.joined(separator: ", or ")), or any IRC client\(web)"
  }

  /// What to open in a browser.
  static func pages(of server: Server) -> [String] {
    server.webAddresses.map { endpoint, isSecure in
      let name = server.certificate?.names.first { !$0.contains("*") }
      let isNamed = isSecure && server.certificate?.isSelfSigned == false
      let host = isNamed ? name : nil
      let reached = host.map { Endpoint(host: $0, port: endpoint.port) } ?? reached(endpoint)
      let usualPort: UInt16 = isSecure ? 443 : 80
      let isUsual = reached.port == usualPort
      let place = isUsual ? String("\(reached)".dropLast(":\(usualPort)".count)) : "\(reached)"
      return "\(isSecure ? "https" : "http")://\(place)/"
    }
  }

  private static func plain(_ endpoint: Endpoint) -> String { "hubbub join \(reached(endpoint))" }

  /// With what makes a client believe the certificate: its name where somebody vouches for it, or
  /// else its fingerprint.
  private static func secure(_ server: Server) -> String? {
    guard let endpoint = server.secureEndpoints.first, let certificate = server.certificate else {
      return nil
    }
    let name = certificate.names.first { !$0.contains("*") }
    guard !certificate.isSelfSigned, let name else {
      return "hubbub join \(reached(endpoint)) --tls --pin \(certificate.fingerprint)"
    }
    return "hubbub join \(Endpoint(host: name, port: endpoint.port)) --tls"
  }

  /// Where others reach what listens there.
  static func reached(_ endpoint: Endpoint) -> Endpoint {
    guard endpoint.host == "0.0.0.0" || endpoint.host == "::" else { return endpoint }
    let others = MachineNames.addresses.filter { !$0.hasPrefix("127.") && $0 != "::1" }
    let host = others.first { !$0.contains(":") } ?? others.first ?? "127.0.0.1"
    return Endpoint(host: host, port: endpoint.port)
  }
}
