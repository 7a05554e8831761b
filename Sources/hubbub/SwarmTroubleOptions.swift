import ArgumentParser
import HubbubSwarm

/// Who misbehaves on purpose, from halfway on.
struct SwarmTroubleOptions: ParsableArguments {
  @Option(help: "Readers that stop to read halfway through.")
  var stalled = 0

  @Option(
    help: ArgumentHelp(
      "One more bot that sends at this many times the rate of another, from halfway on.",
      valueName: "factor"))
  var flooder: Double?

  @Flag(
    name: .customLong("no-null-arm"),
    help:
      ArgumentHelp(
        "With --stalled or --flooder: do not repeat the run without anybody who misbehaves, to see "
          + "what the machine does by itself.")
  )
  var lacksNullArm = false

  @Flag(help: "One more bot that leaves, comes back and renames itself all the while.")
  var churn = false

  @Option(
    help: ArgumentHelp(
      "One more reader that loses its connection halfway, comes back this many seconds later "
        + "and asks for what it has missed (M10, with draft/chathistory).",
      valueName: "seconds"))
  var recovery: Double?

  @Flag(
    name: .customLong("no-guest"),
    help:
      ArgumentHelp(
        "Without the guest, who leaves the room and comes back once a second, so that it is seen "
          + "who hears a room from outside.")
  )
  var lacksGuest = false

  var hasGuest: Bool { !lacksGuest }

  func apply(to plan: inout Plan) {
    plan.stalled = stalled
    plan.flooderFactor = flooder
    plan.hasChurn = churn
    plan.hasNullArm = !lacksNullArm
    plan.fillsStalled = true
    plan.recovery = recovery.map { .seconds($0) }
  }
}
