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
    if plan.isCalibrated { try Calibration.add(to: &outcome, plan: plan, stop: stop) }
    outcome.verdicts = Verdicts(outcome: outcome, plan: plan).all
    return outcome
  }
}
