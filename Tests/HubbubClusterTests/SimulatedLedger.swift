import HubbubBytes
import HubbubRooms
import HubbubThreads

/// Something that simulated nodes keep in common: a list of numbers, each of which was decided by
/// how many there were.
final class SimulatedLedger: Ledger {
  private let numbers = Monitor<[UInt64]>(level: .leaf, [])

  /// A change that adds a number, decided by the list as it is now.
  func change(adding number: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(numbers.withLock { $0.count })
    writer.write(number)
    return writer.bytes
  }

  func amend(_ change: [UInt8]) throws(ByteReader.Malformed) -> Bool {
    var reader = ByteReader(change[...])
    let (count, number) = (try reader.int(), try reader.number())
    return numbers.withLock { numbers in
      guard numbers.count == count else { return false }
      numbers.append(number)
      return true
    }
  }

  func letsStay(_ account: String) -> Bool {
    // Which changes with what is in it.
    numbers.withLock { ($0.count + account.utf8.reduce(0) { $0 + Int($1) }) % 3 == 0 }
  }

  func snapshot() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(list: numbers.withLock { $0 }) { $0.write($1) }
    return writer.bytes
  }

  func restore(_ snapshot: [UInt8]) throws(ByteReader.Malformed) {
    var reader = ByteReader(snapshot[...])
    let restored = try reader.list { (reader) throws(ByteReader.Malformed) in
      try reader.number()
    }
    numbers.withLock { $0 = restored }
  }

  var digest: UInt64 { numbers.withLock { $0.reduce(17) { ($0 &* 31) ^ $1 } } }
}
