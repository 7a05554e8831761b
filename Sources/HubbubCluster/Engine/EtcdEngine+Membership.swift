/// Who is a member.
extension EtcdEngine {
  public func members() throws(EngineError) -> [(node: NodeID, card: [UInt8])] {
    let answer: EtcdRange.Answer = try ask("/v3/kv/range", EtcdRange(keys.members))
    return answer.found.compactMap { found in
      guard case .member(let node) = keys.subject(of: found.key) else { return nil }
      return (node, found.value)
    }
  }

  /// etcd makes a life shorter than one and a half of its election timeouts that long: 2 s, where
  /// nothing else is set.
  public func enter(
    _ node: NodeID, card: [UInt8], life: Duration
  ) throws(EngineError) -> Tenure {
    precondition((1...1023).contains(node), "A node's number was not checked.")
    let seconds = max(1, life.components.seconds + (life.components.attoseconds > 0 ? 1 : 0))
    let grant: EtcdLease.Answer = try ask(
      "/v3/lease/grant", EtcdLease.Grant(seconds: seconds))
    do throws(EngineError) {
      return try enter(node, card: card, lease: grant.id)
    } catch {
      // It may have been carried out all the same; and if this fails as well, the lease runs out.
      try? end(lease: grant.id)
      throw error
    }
  }

  private func enter(
    _ node: NodeID, card: [UInt8], lease: Int64
  ) throws(EngineError) -> Tenure {
    let (member, log) = (keys.member(node), keys.log(of: node))
    let answer: EtcdTransaction.Answer = try ask(
      "/v3/kv/txn",
      EtcdTransaction(
        compare: [.creation(of: member, is: 0)],
        success: [.put(EtcdPut(member, card, lease: lease)), .read(log)],
        failure: [.read(member), .read(log)]))
    guard answer.found.count == 2 else {
      throw .strange("\(address): \(answer.found.count) results")
    }
    let batches = UInt64(answer.found[1].first?.version ?? 0)
    if answer.hasSucceeded {
      return Tenure(node: node, lease: lease, epoch: answer.revision, batches: batches)
    }
    guard let holder = answer.found[0].first else { throw .strange("\(address): nobody has it") }
    // By this lease: a server had carried it out, and its answer was lost.
    guard holder.lease == lease else { throw .taken(holder.value) }
    return Tenure(node: node, lease: lease, epoch: holder.createRevision, batches: batches)
  }

  public func keepAlive(_ tenure: Tenure) throws(EngineError) {
    let answer: EtcdStreamed<EtcdLease.Answer> = try ask(
      "/v3/lease/keepalive", EtcdLease.Reference(tenure.lease))
    if let fault = answer.error {
      let failure = EtcdFailure(fault, at: address)
      if failure.remedy == .nextServer { leave(endpoint) }
      throw failure.error
    }
    guard let lease = answer.result else { throw .away("\(address): nothing about the lease") }
    guard lease.seconds > 0 else { throw .over }
  }

  public func end(lease: Int64) throws(EngineError) {
    do throws(EtcdFailure) {
      _ = try call("/v3/lease/revoke", EtcdLease.Reference(lease), for: EtcdNothing.self)
    } catch {
      guard error.fault?.code == EtcdFault.Code.notFound else { throw error.error }
    }
  }
}
