import ArgumentParser
import HubbubSwarm

/// Who misbehaves on purpose, from halfway on.
struct SwarmTroubleOptions: ParsableArguments {
  @Option(help: "Readers that stop to read halfway through.")
  var stalled = 0

  @Option(
    help: ArgumentHelp(
      "One more bot that sends at so many times the rate of another, from halfway on.",
      valueName: "factor"))
  var flooder: Double?

  @Flag(help: "One more bot that leaves, comes back and renames itself all the while.")
  var churn = false

  func apply(to plan: inout Plan) {
    plan.stalled = stalled
    plan.flooderFactor = flooder
    plan.hasChurn = churn
  }
}
