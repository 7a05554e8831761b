/// Objects in the order in which they came, each once. To add, find or remove one takes as long
/// among a thousand as among few.
///
/// An object that is removed leaves a gap. Where the gaps are more than the objects they are
/// closed, which moves fewer objects than have been removed since the last time: to remove all of n
/// moves fewer than n.
public struct OrderedObjects<Object: AnyObject> {
  private var slots: [Object?] = []
  private var places: [ObjectIdentifier: Int] = [:]

  /// This many gaps are never worth closing.
  private static var spareSlots: Int { 8 }

  public init() {}

  public var count: Int { places.count }
  public var isEmpty: Bool { places.isEmpty }

  /// The objects and the gaps between them.
  var slotCount: Int { slots.count }

  /// The objects, the one that came first in front. Takes one step for each.
  public var inOrder: [Object] { slots.compactMap { $0 } }

  public func contains(_ object: Object) -> Bool { places[ObjectIdentifier(object)] != nil }

  /// Adds an object behind all others, unless it is there.
  public mutating func insert(_ object: Object) {
    guard !contains(object) else { return }
    places[ObjectIdentifier(object)] = slots.count
    slots.append(object)
  }

  /// Removes an object, if it is there.
  public mutating func remove(_ object: Object) { remove(ObjectIdentifier(object)) }

  public mutating func remove(_ id: ObjectIdentifier) {
    guard let place = places.removeValue(forKey: id) else { return }
    slots[place] = nil
    if slots.count > 2 * count + Self.spareSlots { closeGaps() }
  }

  private mutating func closeGaps() {
    slots = inOrder
    for (place, object) in slots.enumerated() { places[ObjectIdentifier(object!)] = place }
  }
}

extension OrderedObjects: Sendable where Object: Sendable {}
