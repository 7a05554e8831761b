/// Puts a value in the place of a key's former one.
struct EtcdPut: Encodable {
  let key: EtcdBytes
  let value: EtcdBytes

  /// What the key lives by; nil for nothing.
  var lease: String?

  init(_ key: EtcdBytes, _ value: [UInt8], lease: Int64? = nil) {
    self.key = key
    self.value = EtcdBytes(bytes: value)
    self.lease = lease.map { String($0) }
  }
}
