import Glibc
import HubbubThreads
import TestSupport
import Testing

/// Registry, rooms and outboxes, their threads interleaved by a seed at every lock and atomic.
///
/// `HUBBUB_SEEDS=1000000` tries so many, `HUBBUB_SEED=17` this one alone.
@Suite struct SimulationTests {
  @Test(
    "whatever the interleaving, everybody reads the same lines in the same order",
    arguments: 0..<lanes)
  func seeds(lane: UInt64) throws {
    let (first, count) = Self.range
    for seed in stride(from: first + lane, to: first + count, by: UInt64.Stride(Self.lanes)) {
      let fault = try Self.fault(ofSeed: seed)
      try #require(fault == nil, "HUBBUB_SEED=\(seed): \(fault ?? "")")
    }
  }

  /// The seeds are tried on several processors.
  private static let lanes: UInt64 = 4

  /// Fewer under ThreadSanitizer: threads that take turns have no races that it could see.
  private static var range: (first: UInt64, count: UInt64) {
    if let seed = value("HUBBUB_SEED") { return (seed, 1) }
    return (0, value("HUBBUB_SEEDS") ?? (getenv("TSAN_OPTIONS") == nil ? 10_000 : 500))
  }

  private static func value(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
  }

  private static func fault(ofSeed seed: UInt64) throws -> String? {
    var random = SplitMix64(seed: seed)
    let world = try World(people: Int.random(in: 2...4, using: &random), &random)
    let scheduler = Scheduler(seed: seed &+ 1 << 32)
    let actions = Int.random(in: 2...8, using: &random)
    try scheduler.run(world.lives(seed: seed &* 1000, actions: actions))
    return world.fault()
  }
}
