import Glibc
import HubbubSockets
import HubbubThreads
import Synchronization

/// Trouble of every kind for a while, among which some clients talk as they should; and what came
/// of it.
public enum Siege {
  /// What the watcher of a siege is told a few times a minute.
  public struct Progress: Sendable {
    public let phase: String
    public let elapsed: Duration
    public let connects: Int
    public let sent: Int
    public let heard: Int
    public let footprint: SiegeOutcome.Footprint
  }

  /// Carries out a plan. Waits until it is over.
  ///
  /// - Parameter progress: told how it goes, on this thread.
  /// - Throws: `Swarm.Refused` where it could not take place, `SystemError`.
  public static func run(
    _ plan: SiegePlan, progress: (Progress) -> Void = { _ in }
  ) throws -> SiegeOutcome {
    guard ServerProbe(processID: plan.processID).isAlive else {
      throw Swarm.Refused(description: "There is no process \(plan.processID).")
    }
    DescriptorLimit.raise()
    var rehearsal = plan
    rehearsal.duration = plan.rehearsal
    let empty = Self.footprint(plan)
    _ = try fight(rehearsal, seed: plan.seed &+ 1, "rehearsal", progress)
    let before = settle(plan, as: empty)
    let (field, peak) = try fight(plan, seed: plan.seed, "siege", progress)
    let after = settle(plan, as: before)
    return SiegeJudge(field: field, before: before, peak: peak, after: after).outcome
  }

  // MARK: One fight

  private static func fight(
    _ plan: SiegePlan, seed: UInt64, _ name: String, _ progress: (Progress) -> Void
  ) throws -> (Battlefield, SiegeOutcome.Footprint) {
    let field = Battlefield(plan, seed: seed)
    let threads = try start(field)
    defer {
      field.enter(.over)
      for thread in threads { thread.join() }
    }
    guard field.awaitArrivals(plan.healthy, upTo: .seconds(120)) else {
      throw Swarm.Refused(description: "The healthy were not in their room after two minutes.")
    }
    field.enter(.fighting)
    let peak = watch(field, name, progress)
    field.enter(.listening)
    awaitLast(field)
    return (field, peak)
  }

  private static func start(_ field: Battlefield) throws -> [NamedThread] {
    var threads: [NamedThread] = []
    do {
      for index in 0..<field.plan.healthy {
        threads.append(
          try NamedThread(name: "well-\(index)") { Witness.live(index, field) })
      }
      for index in 0..<(field.plan.clients - field.plan.healthy) {
        threads.append(
          try NamedThread(name: "trouble-\(index)") {
            var maker = Troublemaker(index, field)
            maker.live()
          })
      }
    } catch {
      field.enter(.over)
      for thread in threads { thread.join() }
      throw error
    }
    return threads
  }

  /// Looks on while the fight lasts.
  private static func watch(
    _ field: Battlefield, _ name: String, _ progress: (Progress) -> Void
  ) -> SiegeOutcome.Footprint {
    let start = field.clock.now
    let end = start + Nanoseconds(field.plan.duration)
    var peak = footprint(field.plan)
    while field.clock.now < end {
      _ = field.pause(.nanoseconds(min(1_000_000_000, end - field.clock.now)))
      let now = footprint(field.plan)
      peak.threads = max(peak.threads, now.threads)
      peak.descriptors = max(peak.descriptors, now.descriptors)
      peak.memoryKiB = max(peak.memoryKiB, now.memoryKiB)
      progress(
        Progress(
          phase: name, elapsed: .nanoseconds(field.clock.now - start),
          connects: field.connects.load(ordering: .relaxed),
          sent: field.sent.load(ordering: .relaxed), heard: field.heard.load(ordering: .relaxed),
          footprint: now))
    }
    return peak
  }

  /// Waits until everything was heard that was sent, or until nothing has come for a while.
  private static func awaitLast(_ field: Battlefield) {
    var (heard, quiet) = (-1, 0)
    while quiet < 100 {
      let (sent, now) = (
        field.sent.load(ordering: .relaxed), field.heard.load(ordering: .relaxed)
      )
      if now >= sent * field.plan.healthy { return }
      quiet = now == heard ? quiet + 1 : 0
      heard = now
      rest()
    }
  }

  // MARK: The server

  /// Waits until the server's threads and descriptors are back, or have not moved for long.
  private static func settle(
    _ plan: SiegePlan, as wanted: SiegeOutcome.Footprint
  ) -> SiegeOutcome.Footprint {
    var now = footprint(plan)
    for _ in 0..<300 where now.threads != wanted.threads || now.descriptors != wanted.descriptors {
      rest()
      now = footprint(plan)
    }
    return now
  }

  private static func rest() {
    let nobody = Monitor(false)
    _ = nobody.wait(upTo: .milliseconds(100)) { $0 ? true : nil }
  }

  private static func footprint(_ plan: SiegePlan) -> SiegeOutcome.Footprint {
    let probe = ServerProbe(processID: plan.processID)
    return SiegeOutcome.Footprint(
      threads: probe.threads, descriptors: probe.descriptors, memoryKiB: probe.memory())
  }
}
