import HubbubBytes
import HubbubRooms
import HubbubStore

/// The accounts as what the nodes of a network have in common beside rooms and people.
final class AccountLedger: Ledger {
  private let store: AccountStore

  init(_ store: AccountStore) { self.store = store }

  func amend(_ change: [UInt8]) throws(ByteReader.Malformed) -> Bool { try store.amend(change) }

  func letsStay(_ account: String) -> Bool {
    store.read { $0.account(named: account) }?.mayStay == true
  }

  func snapshot() -> [UInt8] { store.snapshot() }

  func restore(_ snapshot: [UInt8]) throws(ByteReader.Malformed) { try store.restore(snapshot) }

  var digest: UInt64 { store.read { $0.digest } }
}
