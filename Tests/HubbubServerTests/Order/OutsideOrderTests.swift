import Glibc
import Testing

/// The one order as strangers see it: over sockets, from whole streams.
///
/// `HUBBUB_ORDERS=60` tries so many seeds, `HUBBUB_SEED=17` this one alone.
@Suite("the order from outside") struct OutsideOrderTests {
  @Test(
    "whatever people do, everybody reads what the founders of their rooms read", arguments: seeds)
  func oneOrder(seed: UInt64) throws {
    let fault = try OutsideRun(seed: seed).fault()
    #expect(fault == nil, "HUBBUB_SEED=\(seed): \(fault ?? "")")
  }

  @Test("a line that is moved, lost, doubled or foreign is found in any stream")
  func sensitive() throws {
    let run = try OutsideRun(seed: 1)
    #expect(run.fault() == nil)
    for stream in run.streams {
      let places = stream.lines.indices.filter { stream.lines[$0].target == "#a" }
      let pair = zip(places, places.dropFirst()).first { stream.lines[$0] != stream.lines[$1] }
      // Not everybody has been there.
      guard let pair else { continue }
      var changed = stream
      changed.lines.swapAt(pair.0, pair.1)
      #expect(run.checker.fault(in: changed) != nil)
      changed = stream
      changed.lines.remove(at: pair.0)
      #expect(run.checker.fault(in: changed) != nil)
      changed = stream
      changed.lines.insert(stream.lines[pair.0], at: pair.0)
      #expect(run.checker.fault(in: changed) != nil)
      changed = stream
      changed.lines.append(contentsOf: run.foreignLine(for: stream))
      #expect(changed.lines.count == stream.lines.count || run.checker.fault(in: changed) != nil)
    }
  }

  private static var seeds: [UInt64] {
    func value(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }
    if let seed = value("HUBBUB_SEED") { return [seed] }
    return Array(0..<(value("HUBBUB_ORDERS") ?? 6))
  }
}
