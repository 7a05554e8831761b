import HubbubSockets
import HubbubThreads
import HubbubWeb
import Synchronization

/// What all web ports of a server share. Any thread.
final class WebSite: Sendable {
  let throttle = RequestThrottle()

  private let current: CurrentConfiguration
  private let certificate: CurrentCertificate

  /// This machine's name, alone and for multicast DNS.
  private let machineNames: [String]

  /// Guards the pages, as of a lobby: a reload may change it. Nothing else is locked under it.
  private let pages = Monitor<(lobby: String?, assets: WebAssets)?>(nil)

  /// Guards how many answers of each kind went out. Nothing else is locked under it.
  private let answered = Monitor<[Int: Int]>([:])

  init(_ current: CurrentConfiguration, _ certificate: CurrentCertificate) {
    self.current = current
    self.certificate = certificate
    let host = MachineNames.hostName
    machineNames = host.map { $0.contains(".") ? [$0] : [$0, "\($0).local"] } ?? []
  }

  /// By what names the server is reached, and whose pages may connect.
  var rules: DoorRules {
    DoorRules(names: names + machineNames, origins: current.value.webOrigins)
  }

  /// The names that everybody may know.
  var names: [String] {
    let configuration = current.value
    var names: [String] = []
    let all =
      [configuration.serverName] + configuration.webNames + (certificate.webContext?.names ?? [])
    for name in all.map({ $0.lowercased() }) where !names.contains(name) {
      if let authority = Authority(name), authority.port == nil, !authority.isAddress {
        names.append(name)
      }
    }
    return names
  }

  /// The browser's client: made when it is first asked for, and again for another lobby.
  var assets: WebAssets {
    let configuration = current.value
    let known = pages.withLock { $0 }
    if let known, known.lobby == configuration.lobby { return known.assets }
    let assets = WebAssets(network: configuration.networkName, lobby: configuration.lobby)
    pages.withLock { $0 = (configuration.lobby, assets) }
    return assets
  }

  func count(_ status: HTTPStatus) { answered.withLock { $0[status.rawValue, default: 0] += 1 } }

  /// How many answers went out, by status.
  var answers: [Int: Int] { answered.withLock { $0 } }
}
