import ArgumentParser
import Glibc
import HubbubSockets
import HubbubSwarm

/// `hubbub siege`
struct SiegeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "siege",
    abstract: "Make trouble of every kind for a server, and see whether it keeps its promises.",
    discussion: """
      Of all clients one in five talks and listens as it should; the others come and go, take \
      other names, are reset in the middle of a line, stop reading, flood, and send garbage. At \
      the end it says whether every message of the healthy arrived at all of them once and in one \
      order, and whether the server's threads, descriptors and memory are back where they were. \
      Before that everything takes place once in short, so that what a server takes once and keeps \
      is not counted.

      The server must run on this machine and under this user, and let in as many from one \
      address. 'demo/siege' starts one.

      Exit codes: 0 all of it holds, 1 something does not, 2 it could not take place, 64 wrong \
      usage.
      """)

  @Argument(
    help: ArgumentHelp(
      "The server, or a port of this machine. Port 6667 if none is given.", valueName: "host[:port]"
    ))
  var host: String

  @Option(help: ArgumentHelp("The server's process.", valueName: "pid"))
  var pid: Int32

  @Option(help: "Minutes that it lasts.")
  var minutes = 10

  @Option(help: "Seconds that it lasts, instead of minutes.")
  var seconds: Int?

  @Option(help: "Clients at a time, \(SiegePlan.leastClients) at least.")
  var clients = 500

  @Option(help: "Where chance begins.")
  var seed: UInt64 = 1

  func validate() throws {
    guard Endpoint(host) != nil else {
      throw ValidationError("'\(host)' is no address; try 127.0.0.1:6667.")
    }
    guard (SiegePlan.leastClients...10_000).contains(clients) else {
      throw ValidationError("--clients must be from \(SiegePlan.leastClients) to 10000.")
    }
    guard (1...100_000).contains(seconds ?? minutes) else {
      throw ValidationError("A siege lasts a second at least.")
    }
  }

  func run() throws {
    var plan = SiegePlan(endpoint: Endpoint(host)!, processID: pid)
    plan.duration = .seconds(seconds ?? minutes * 60)
    plan.clients = clients
    plan.seed = seed
    signal(SIGPIPE, SIG_IGN)
    let interval = max(1, plan.duration.components.seconds / 20)
    let outcome: SiegeOutcome
    do {
      var next: Int64 = interval
      var phase = ""
      outcome = try Siege.run(plan) { progress in
        if progress.phase != phase { (phase, next) = (progress.phase, interval) }
        guard progress.elapsed.components.seconds >= next else { return }
        next += interval
        print(Self.line(progress))
        // All streams: a run of minutes is followed through a pipe as well.
        fflush(nil)
      }
    } catch {
      print("hubbub: \(error)")
      throw ExitCode(2)
    }
    for line in outcome.table { print(line) }
    if !outcome.isGood { throw ExitCode.failure }
  }

  private static func line(_ progress: Siege.Progress) -> String {
    "\(progress.phase) \(progress.elapsed.components.seconds) s: \(progress.connects) connects, "
      + "\(progress.sent) sent, \(progress.heard) heard; server: \(progress.footprint.threads) "
      + "threads, "
      + "\(progress.footprint.descriptors) descriptors, \(progress.footprint.memoryKiB / 1024) MiB"
  }
}
