/// A number for a state, the same in every process (FNV-1a, 64 bits). A value.
struct StateDigest {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ text: String) {
    for byte in text.utf8 { mix(byte) }
    // So that two texts are not one.
    mix(0xFF)
  }

  mutating func add(_ bytes: [UInt8]) { for byte in bytes { mix(byte) } }

  private mutating func mix(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
}
