import HubbubThreads

/// Delivers to many readers with one write for all of them, where their outlets allow it.
///
/// A value of the thread that fans out. Between `add` and `finish` it holds the batons of those that were added:
/// nobody else writes to them meanwhile, and nobody waits for them but an owner that is closing.
public struct GroupDelivery: ~Copyable {
  private let groups: any WriteGroups
  private let group: any WriteGroup
  private var prepared: [Outbox] = []

  /// nil where there is no group to be had: then each is delivered to by itself.
  public init?(from groups: any WriteGroups) {
    guard let group = groups.lend() else { return nil }
    self.groups = groups
    self.group = group
  }

  deinit { groups.giveBack(group) }

  /// Delivers to `outbox`, together with others.
  public mutating func add(_ outbox: Outbox) {
    guard outbox.prepare(in: group, isFirst: prepared.isEmpty) else { return }
    prepared.append(outbox)
    if prepared.count == group.capacity { finish() }
  }

  /// Carries out what was added.
  public mutating func finish() {
    guard !prepared.isEmpty else { return }
    let outboxes = prepared
    let last = outboxes.count - 1
    group.submit { index, taken in outboxes[index].settle(taken, isLast: index == last) }
    prepared.removeAll(keepingCapacity: true)
  }
}
