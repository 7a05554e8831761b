import HubbubThreads

/// Delivers to the readers of one round of a fan-out: those whose outlets allow it with one write
/// for all of them, the others one by one.
///
/// A value of the thread that fans out. Between `add` and the write it holds the batons of those
/// that are written to together: nobody else writes to them meanwhile, and nobody waits for them
/// but an owner that is closing. While it holds any, it writes to nobody else.
public struct RoundDelivery: ~Copyable {
  private let groups: (any WriteGroups)?
  private let group: (any WriteGroup)?

  /// Those in the group.
  private var prepared: [Outbox] = []

  /// Those that can be in the group, while the others come first.
  private var waiting: [Outbox] = []

  /// Those that are delivered to one by one, after the group.
  private var singles: [Outbox] = []
  private let singlesFirst: Bool

  /// - Parameters:
  ///   - groups: nil where each is written to by itself.
  ///   - count: how many there are at the most.
  ///   - singlesFirst: whether those that can be in no group come before those that can: by chance,
  ///     so that neither is always first.
  public init(from groups: (any WriteGroups)?, upTo count: Int, singlesFirst: Bool) {
    self.groups = groups
    group = groups?.lend()
    self.singlesFirst = singlesFirst
    guard let group else { return }
    prepared.reserveCapacity(min(count, group.capacity))
    if singlesFirst { waiting.reserveCapacity(count) }
  }

  deinit { if let group { groups?.giveBack(group) } }

  /// Delivers to `outbox`, now or with `finish`.
  public mutating func add(_ outbox: Outbox) {
    guard let group else { return outbox.deliver() }
    // No baton is held over another's write.
    switch (outbox.joinsGroups, singlesFirst) {
    case (true, true): waiting.append(outbox)
    case (true, false): prepare(outbox, in: group)
    case (false, true): outbox.deliver()
    case (false, false): singles.append(outbox)
    }
  }

  /// Carries out what was added.
  public mutating func finish() {
    guard let group else { return }
    for outbox in waiting { prepare(outbox, in: group) }
    write(group)
    for outbox in singles { outbox.deliver() }
  }

  private mutating func prepare(_ outbox: Outbox, in group: any WriteGroup) {
    switch outbox.prepare(in: group, isFirst: prepared.isEmpty) {
    case .nothing: break
    case .alone: singles.append(outbox)
    case .added:
      prepared.append(outbox)
      if prepared.count == group.capacity { write(group) }
    }
  }

  /// Writes to the group, gives all its batons back, and only then looks who has more to read.
  private mutating func write(_ group: any WriteGroup) {
    guard !prepared.isEmpty else { return }
    let last = prepared.count - 1
    group.submit { index, taken in prepared[index].settle(taken, isLast: index == last) }
    for outbox in prepared { outbox.deliverIfDirty() }
    prepared.removeAll(keepingCapacity: true)
  }
}
