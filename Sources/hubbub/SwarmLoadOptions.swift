import ArgumentParser
import HubbubSwarm

/// How much the bots say, and when.
struct SwarmLoadOptions: ParsableArguments {
  @Option(help: "Bots that send, each on a thread of its own. 20, or 10 for each node if more.")
  var bots: Int?

  @Option(help: "Rooms over which the bots are spread.")
  var rooms = 1

  @Option(
    help: "Bots in each room that read and never send. 2, or one for each node if more.")
  var observers: Int?

  @Option(help: "Messages a second, all bots together, on a schedule that waits for nobody.")
  var rate: Double?

  @Flag(help: "Send as fast as the server goes, instead of at a rate.")
  var saturate = false

  @Option(help: "With --saturate: messages of one bot that may be under way.")
  var window = 64

  @Option(help: "How the messages are spread over time: constant, poisson, burst or conversation.")
  var pattern = Pattern.constant

  @Option(help: "Bytes of text in a message.")
  var size = 64

  @Option(help: "Seconds to send for, after the warm-up. 10 unless --messages is given.")
  var duration: Double?

  @Option(help: "Messages to send after the warm-up, all bots together, instead of --duration.")
  var messages: Int?

  @Option(help: "Seconds to send before anything but losses and order counts.")
  var warmUp = 1.0

  @Option(help: "Clients that register, join rooms of their own, and then say nothing.")
  var idle = 0

  func validate() throws {
    guard !saturate || rate == nil else {
      throw ValidationError("Choose one of --rate and --saturate.")
    }
    guard duration == nil || messages == nil else {
      throw ValidationError("Choose one of --duration and --messages.")
    }
    guard [duration ?? 1, warmUp].allSatisfy({ (0...86_400).contains($0) }) else {
      throw ValidationError("A run takes a day at most.")
    }
  }

  func apply(to plan: inout Plan) {
    // At each node there must be enough to compare.
    let nodes = plan.targets.count
    plan.bots = bots ?? max(20, nodes > 1 ? 10 * nodes : 0)
    plan.rooms = rooms
    plan.observers = observers ?? max(2, nodes)
    plan.load = saturate ? .saturate(window: window) : .rate(rate ?? 500)
    plan.pattern = pattern
    plan.textBytes = size
    plan.length = messages.map { .messages($0) } ?? .duration(.seconds(duration ?? 10))
    plan.warmUp = .seconds(warmUp)
    plan.idle = idle
  }
}

extension Pattern: ExpressibleByArgument {}
