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

  func apply(to plan: inout Plan) {
    plan.stalled = stalled
    plan.flooderFactor = flooder
  }
}
