import Glibc
import HubbubSockets
import HubbubThreads

/// The load generator and fairness instrument: lets bots loose on a server and judges what they
/// heard.
public enum Swarm {
  /// A run that could not take place, in words for people.
  public struct Refused: Error, CustomStringConvertible {
    public let description: String
  }

  /// Carries out a plan. Waits until it is over, from seconds to as long as the plan says.
  ///
  /// - Parameters:
  ///   - stop: ends the run early when it is asked.
  ///   - progress: told how the run goes, a few times a second, on this thread.
  /// - Throws: `Plan.Unsuitable`, `Refused` where the server let not everybody in, `SystemError`,
  ///   `OutputFile.Unwritable`.
  public static func run(
    _ plan: Plan, stop: StopRequest = StopRequest(), progress: (Progress) -> Void = { _ in }
  ) throws -> Outcome {
    try plan.check()
    try Descriptors.allow(plan)
    let stage = try Stage(plan)
    var outcome = Outcome(conditions: Conditions(plan, run: stage.run))
    var conductor = Conductor(stage: stage, stop: stop)
    let crowd = try conductor.gatherCrowd(into: &outcome)
    defer { crowd?.dismiss() }
    let evidence = try conductor.conduct(into: &outcome, progress: progress)
    if let crowd { outcome.idle?.lost = crowd.lost }
    var judge = Judge(evidence)
    judge.judge(into: &outcome)
    if let path = plan.histogramPath { try HistogramFile.write(judge.response, to: path) }
    if let path = plan.eventsPath { try EventFile(path: path).write(evidence) }
    if plan.hasNullArm, outcome.isolation != nil {
      outcome.isolation?.nullRatio = try nullRatio(plan, stop: stop, progress: progress)
    }
    if plan.isCalibrated { try Calibration.add(to: &outcome, plan: plan, stop: stop) }
    outcome.judge(by: Verdicts(outcome: outcome, plan: plan).all)
    return outcome
  }

  /// What the halves of the same run differ by when nobody misbehaves in it, but for a flooder at
  /// the rate of the others.
  private static func nullRatio(
    _ plan: Plan, stop: StopRequest, progress: (Progress) -> Void
  ) throws -> Double? {
    guard stop.requests == 0 else { return nil }
    var null = plan
    null.stalled = 0
    null.flooderFactor = 1
    null.hasNullArm = false
    null.isCalibrated = false
    null.eventsPath = nil
    null.histogramPath = nil
    null.idle = 0
    return try run(null, stop: stop, progress: progress).isolation?.slotRatio
  }
}
