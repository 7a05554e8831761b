import Glibc
import TestSupport
import Testing

/// Nodes, people, faults and time as seeds decide: what a network promises holds in each.
@Suite struct NetworkSimulationTests {
  @Test("whatever is lost on the way, and whoever dies, all nodes have one order and one state")
  func histories() throws {
    let first = seed()
    let count = getenv("HUBBUB_NETWORKS").flatMap { UInt64(String(cString: $0)) } ?? 300
    var (said, deaths, read) = (0, 0, 0)
    for number in 0..<count {
      let network = try SimulatedNetwork(seed: first &+ number)
      try network.run(steps: 400)
      try network.check()
      let extent = network.extent
      (said, deaths, read) = (said + extent.said, deaths + extent.deaths, read + extent.read)
    }
    print("\(said) said, \(deaths) deaths, \(read) lines read")
    // They are histories, and not nothing again and again.
    #expect(said > 2 * count && 2 * deaths > count && read > 10 * count)
  }
}
