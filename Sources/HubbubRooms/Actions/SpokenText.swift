/// The bytes of a text that is said: where the connection's thread has read them, without a copy.
// @unchecked: the bytes are read and never written while an action with them is submitted.
public struct SpokenText: @unchecked Sendable {
  /// UTF-8 without NUL, CR and LF.
  public let bytes: UnsafeRawBufferPointer

  /// What keeps them alive, where nobody else does.
  private let owner: AnyObject?

  /// - Parameter bytes: must stay where they are for as long as this is used.
  public init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    owner = nil
  }

  /// A text that keeps its own bytes.
  public init(_ text: String) {
    let owned = Owned(text)
    bytes = owned.bytes
    owner = owned
  }

  /// The same with bytes of its own, for whoever keeps it.
  public var owned: SpokenText {
    owner == nil ? SpokenText(String(decoding: bytes, as: UTF8.self)) : self
  }

  public var isEmpty: Bool { bytes.isEmpty }

  private final class Owned {
    let bytes: UnsafeRawBufferPointer

    init(_ text: String) {
      var text = text
      bytes = text.withUTF8 { source in
        let copy = UnsafeMutableRawBufferPointer.allocate(
          byteCount: source.count, alignment: 1)
        copy.copyBytes(from: source)
        return UnsafeRawBufferPointer(copy)
      }
    }

    deinit { bytes.deallocate() }
  }
}
