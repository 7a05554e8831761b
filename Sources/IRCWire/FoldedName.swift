/// A nickname or channel name as it is compared: `CASEMAPPING=ascii`, and byte for byte beyond
/// ASCII.
///
/// Not a `String`, whose equality takes differently composed characters for the same: two names
/// that differ on the wire must differ here.
public struct FoldedName: Hashable, Sendable {
  private let folded: String

  public init(_ name: String) {
    folded = name.utf8.allSatisfy { $0 &- 0x41 >= 26 } ? name : Self.lowercased(name)
  }

  /// The name in small letters, for a file: compare it byte for byte.
  public var text: String { folded }

  public static func == (left: FoldedName, right: FoldedName) -> Bool {
    left.folded.utf8.elementsEqual(right.folded.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    var copy = folded
    copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  private static func lowercased(_ name: String) -> String {
    String(decoding: name.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
