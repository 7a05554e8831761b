import HubbubCluster
import HubbubRooms
import HubbubStore

// Accounts and history in a network of several nodes.

extension Hub {
  /// Takes over what the network has, or gives it what it begins with. As the server starts, before
  /// anybody comes; waits for the engine and the disk.
  func join(_ cluster: ClusterService, _ charters: [RoomCharter]) throws {
    try checkStores()
    let revision = try history?.lastRevision(of: cluster.genesis.name)
    let isFounding = try cluster.fetchState(goingOnAfter: revision ?? nil)
    try joinAccounts(of: cluster, isFounding: isFounding)
    let missesNothing =
      (revision ?? nil).map { $0 >= cluster.node.fetchedRevision ?? 0 } ?? false
    try history?.join(
      cluster.genesis.name, isFounding: isFounding, missesNothing: missesNothing)
    if isFounding { found() }
    try cluster.open(registry, charters)
    keepHistories()
    adoptCommonBans()
  }

  /// Where the folder that everybody has without naming one cannot be used, a server that is alone
  /// does without; the others of a network would not.
  private func checkStores() throws(StoreError) {
    guard configuration.state != nil else { return }
    let hasAccounts = accounts != nil || !configuration.accounts.isEnabled
    let hasHistory = history != nil || !configuration.history.isEnabled
    guard !hasAccounts || !hasHistory else { return }
    throw StoreError(
      .other, "a node of a network needs its folder for accounts and history: name one with 'state'"
    )
  }

  /// What this server alone had is the network's from now on.
  private func found() {
    registry.found(accounts?.keptRooms ?? [])
    staying.restore(in: self, by: LocalOrdering(registry))
  }

  private func joinAccounts(of cluster: ClusterService, isFounding: Bool) throws(StoreError) {
    guard let accounts else { return }
    let (registry, ordering, chores) = (registry, ordering, accountChores)
    let (markers, news) = (markers, cluster.news)
    try accounts.store.join(cluster.genesis.name, isFounding: isFounding) { change in
      do throws(Refusal) {
        _ = try ordering.submit(Action(by: .server(of: registry), at: .now, .amend(change)))
        return .done
      } catch {
        return error == .isOutdated ? .outdated : .disagreed
      }
    } didAmend: { amendment in
      chores.note(amendment)
      // What was set here its devices were told at once.
      news.didRead(amendment.markers.filter { !markers.isUnwritten($0) })
    }
  }

  /// Has the history keep what is said in registered rooms for as long as their founders want.
  func keepHistories() {
    for room in accounts?.store.read({ $0.everyRoom }) ?? [] { keepHistory(of: room) }
  }
}
