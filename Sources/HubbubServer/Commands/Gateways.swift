import HubbubRooms
import IRCWire
import Logging

/// Gateways from the web: WEBIRC.
let gatewayCommands: [String: Command] = [
  "WEBIRC": Command(
    .unregistered, parameters: 4, usage: "<password> <gateway> <host> <address> [:<options>]",
    // Whoever means to speak for another must not come in as itself.
    missing: { session, _ in session.comeByGateway(nil) },
    run: { $0.comeByGateway($1.parameters) })
]

extension Session {
  /// `WEBIRC <password> <gateway> <host> <address> [:<options>]` (IRCv3 webirc)
  ///
  /// From then on the client comes from `address`; the host is what the gateway believes, and is
  /// not shown.
  ///
  /// - Parameter parameters: nil where they are too few.
  fileprivate func comeByGateway(_ parameters: [String]?) {
    // Whom a browser comes for is said by its request.
    guard !hub.configuration.gateways.isEmpty, client.frames == nil else {
      return reply(.unknownCommand, ["WEBIRC"], trailing: "Unknown command")
    }
    guard let parameters else { return refuseGateway("not enough parameters") }
    // "MUST be the first command sent from the WebIRC gateway to the IRC server".
    guard isFirstCommand else { return refuseGateway("it must be the first command") }
    let known = hub.current.trusted.gateways(at: client.address)
    guard let gateway = known.first(where: { $0.name == parameters[1] }) ?? known.first else {
      return refuseGateway("your address is no gateway's")
    }
    switch judge(gateway, parameters[0]) {
    case .right: speak(for: parameters, gateway)
    case .wrong: refuseGateway("wrong password")
    case .busy: refuseGateway("the server is busy; try again later")
    }
  }

  private func judge(_ gateway: Gateway, _ password: String) -> PasswordGate.Verdict {
    hub.passwords.judge(
      gatewayPassword: password, gateway.passwordHash, &passwordTries, hub.limits,
      isClosed: { client.waitForEnd(limit: .zero) || outbox.ending != nil })
  }

  private func speak(for parameters: [String], _ gateway: Gateway) {
    // The protocol has taken the colon from one that begins with it.
    let text = IPAddress.restoringColon(of: parameters[3])
    guard !text.contains("%"), let origin = IPAddress(text) else {
      return refuseGateway("'\(parameters[3].cut(toBytes: 60))' is no address")
    }
    let address = IPAddress.asHost(origin.description)
    // "Servers MUST ONLY treat the connection as secure if this flag is sent and the connection
    // from the gateway to the server is also secure with TLS."
    let options = parameters.count > 4 ? parameters[4].split(separator: " ") : []
    let isSecure =
      member.profile.isSecure && options.contains { $0 == "secure" || $0.hasPrefix("secure=") }
    hub.logger.info(
      "by gateway",
      metadata: [
        "client": "\(client.id)", "gateway": "\(gateway.name)", "from": "\(address)",
        "host": "\(parameters[2].cut(toBytes: 64))", "tls": "\(isSecure)",
      ])
    do throws(ClientTable.Refusal) {
      try client.take(address: address)
      member.updateProfile { profile in
        profile.isSecure = isSecure
        // The certificate was the gateway's.
        profile.certificateFingerprint = nil
      }
      refreshAuthor()
    } catch {
      refuse(error.rawValue)
    }
  }

  private func refuseGateway(_ reason: String) {
    hub.logger.warning(
      "WEBIRC refused",
      metadata: [
        "client": "\(client.id)", "from": "\(client.address)", "reason": "\(reason)",
        "inAll": "\(hub.passwords.wrongCount)",
      ])
    refuse("WEBIRC is refused: \(reason)")
  }
}
