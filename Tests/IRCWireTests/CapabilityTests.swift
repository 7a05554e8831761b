import Testing

@testable import IRCWire

@Suite("Capability")
struct CapabilityTests {
  @Test("each name stands for one capability, and back", arguments: Capability.names.map(\.name))
  func names(name: String) throws {
    let capability = try #require(Capability(named: name))
    #expect(capability.wireNames == [name])
    #expect(capability.rawValue.nonzeroBitCount == 1)
  }

  @Test("no two share a name or a bit, and they are in the order of the alphabet")
  func distinct() {
    let names = Capability.names.map(\.name)
    #expect(names == Set(names).sorted())
    #expect(Set(Capability.names.map(\.capability)).count == names.count)
    #expect(Capability(Capability.names.map(\.capability)).wireNames == names)
    #expect(Capability().wireNames == [])
  }

  // "Capability names are case-sensitive" (IRCv3 capability negotiation, "Rules for naming capabilities").
  @Test(
    "an unknown name stands for none",
    arguments: ["", "Echo-Message", "echo-message=1", "-echo-message", " echo-message", "SASL"])
  func unknown(name: String) {
    #expect(Capability(named: name) == nil)
  }
}
