/// An array in pages, for a large one that changes while others still read a snapshot of it.
///
/// A copy costs nothing and shares all pages. While a copy is alive, a change copies the list of
/// the pages and the one page it is in: of 10,000 elements 157 references and 64 elements, where a
/// plain array copies all 10,000. Without a copy a change copies nothing.
public struct PagedArray<Element> {
  /// All full but the last, which is never empty.
  @usableFromInline private(set) var pages: [[Element]] = []

  @usableFromInline static var pageSize: Int { 64 }

  init() {}

  mutating func append(_ element: Element) {
    if pages.last.map({ $0.count == Self.pageSize }) ?? true { pages.append([]) }
    pages[pages.count - 1].append(element)
  }

  /// Takes out the last element; there must be one.
  mutating func removeLast() -> Element {
    let last = pages[pages.count - 1].removeLast()
    if pages[pages.count - 1].isEmpty { pages.removeLast() }
    return last
  }

  /// Changes an element in its place.
  mutating func update(_ index: Int, _ change: (inout Element) -> Void) {
    change(&pages[index / Self.pageSize][index % Self.pageSize])
  }
}

extension PagedArray: RandomAccessCollection {
  @inlinable public var startIndex: Int { 0 }

  @inlinable public var endIndex: Int {
    pages.isEmpty ? 0 : (pages.count - 1) * Self.pageSize + pages[pages.count - 1].count
  }

  @inlinable public subscript(index: Int) -> Element {
    pages[index / Self.pageSize][index % Self.pageSize]
  }

  @inlinable public func makeIterator() -> FlattenSequence<[[Element]]>.Iterator {
    pages.joined().makeIterator()
  }
}

extension PagedArray: Sendable where Element: Sendable {}
