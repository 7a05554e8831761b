import Glibc
import HubbubStore

/// A process that is killed, and one that measures: what the tests of the store need beside
/// themselves.
///
///     store-probe history DIRECTORY SEED    stores until it is killed, and says what is stored
///     store-probe accounts DIRECTORY SEED   registers until it is killed, and says who is there
///     store-probe measure DIRECTORY COUNT   fills a history and prints figures
@main
struct StoreProbe {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let number = UInt64(arguments[3]) else {
      say("usage: store-probe history|accounts|measure DIRECTORY NUMBER")
      exit(64)
    }
    switch arguments[1] {
    case "history": try storeForEver(arguments[2], seed: number)
    case "accounts": try registerForEver(arguments[2], seed: number)
    case "measure": try Measures(arguments[2]).run(count: Int(number))
    default: exit(64)
    }
  }

  /// One write, so that a line is whole or not there.
  static func say(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = write(1, bytes, bytes.count)
  }
}
