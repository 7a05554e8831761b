import HubbubSockets
import Testing

@testable import HubbubServer

/// What the settings say of proxies and gateways.
@Suite struct ProxySettingsTests {
  private static func read(_ text: String) throws(SettingsError) -> Configuration {
    try SettingsFile.parse(text, file: "hubbub.yaml").configuration
  }

  @Test("addresses for proxies, and gateways, are read and written")
  func round() throws {
    let text = """
      listen: ["127.0.0.1:6667", {address: "*:6670", proxy: true}]
      proxies: [192.0.2.0/24, "::1"]
      webirc: [{name: kiwi, password: "\(SettingsTests.hash)", addresses: [192.0.2.7]}]
      """
    let configuration = try Self.read(text)
    #expect(configuration.endpoints == [Endpoint(host: "127.0.0.1", port: 6667)])
    #expect(configuration.proxiedEndpoints.map(\.port) == [6670])
    #expect(configuration.proxies == ["192.0.2.0/24", "::1"])
    #expect(
      configuration.gateways == [
        Gateway(name: "kiwi", passwordHash: SettingsTests.hash, addresses: ["192.0.2.7"])
      ])
    var settings = ServerSettings()
    settings.configuration = configuration
    #expect(try Self.read(SettingsPrint.text(of: settings)) == configuration)
  }

  @Test(
    "what cannot be meant is refused with what to do",
    arguments: [
      ("listen: [{address: '*:1', proxy: true}]", "expected their addresses in 'proxies'"),
      ("proxies: [127.0.0.1]", "expected {address: ADDRESS, proxy: true} in 'listen'"),
      ("listen: [{address: '*:1', tls: true, proxy: true}]\nproxies: ['::1']", "expected 'tls'"),
      ("listen: [{address: '*:1', proxy: true}]\nproxies: [0.0.0.0/0]", "is everybody"),
      ("listen: [{address: '*:1', proxy: true}]\nproxies: ['::/0']", "is everybody"),
      (
        "webirc: [{name: a, password: \"\(SettingsTests.hash)\", addresses: ['::/0']}]",
        "is everybody"
      ),
      ("proxies: [here]", "proxies[1]: expected an address or a network"),
      (
        "webirc: [{name: a, password: secret, addresses: ['::1']}]",
        "webirc[1].password: expected a password's whole hash"
      ),
      ("webirc: [{name: a, password: \"\(SettingsTests.hash)\"}]", "'addresses' is missing"),
      (
        "webirc: [{name: a, password: \"\(SettingsTests.hash)\", addresses: []}]",
        "expected the addresses that it comes from"
      ),
    ])
  func refused(text: String, problem: String) {
    let error = #expect(throws: SettingsError.self) { try Self.read(text) }
    let problems = error?.problems.map(\.description) ?? []
    #expect(problems.contains { $0.contains(problem) }, "\(problems)")
  }
}
