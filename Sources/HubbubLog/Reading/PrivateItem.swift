/// Something for one reader alone: the answer to a command, a direct message.
struct PrivateItem {
  /// Names it until it is filled.
  let number: UInt64

  /// nil while its place is reserved and its bytes are still being written.
  var block: Block?

  /// Whether nothing at all is sent after it.
  let isLast: Bool

  /// Its place: behind all entries up to this stamp, in whatever room, and before all others.
  let stamp: UInt64
}
