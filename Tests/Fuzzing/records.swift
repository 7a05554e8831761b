import HubbubBytes
import HubbubLog
import HubbubRooms
import IRCWire

/// Whatever stands in a network's log or among its states, it is read as what it says, or refused with words; and a
/// registry that has refused a state is as it was.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzRecords(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = Input(start, count)
  let isState = input.byte() & 1 == 1
  let bytes = input.bytes
  do throws(ByteReader.Malformed) {
    guard isState else {
      _ = try RecordedAction(bytes[...])
      return 0
    }
    let registry = Registry(
      limits: Registry.Limits(roomsPerMember: 9, membersPerRoom: 9),
      startedAt: Timestamp(milliseconds: 1), serverName: "network", isReplicated: true)
    try registry.restore([1] + bytes, [], reading: Outbox(nowhere: registry.clock))
    let again = Registry(
      limits: registry.limits, startedAt: Timestamp(milliseconds: 1), serverName: "network",
      isReplicated: true)
    let state = registry.snapshot()
    try again.restore(state, [], reading: Outbox(nowhere: again.clock))
    require(again.snapshot() == state, "A state reads otherwise than it was written: \(bytes)")
  } catch {
    require(!error.what.isEmpty, "refused without a reason: \(bytes)")
  }
  return 0
}
