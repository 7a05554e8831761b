/// Writing the log.
extension EtcdEngine {
  /// Batches of two tenures must differ, as they do where they begin with their tenure's epoch: by
  /// its bytes alone is a batch known that was appended before, and whose answer was lost.
  public func append(
    _ batch: [UInt8], number: UInt64, in tenure: Tenure
  ) throws(EngineError) -> Int64? {
    precondition(number > 0, "Batches are counted from 1.")
    let (member, log) = (keys.member(tenure.node), keys.log(of: tenure.node))
    let answer: EtcdTransaction.Answer = try ask(
      "/v3/kv/txn",
      EtcdTransaction(
        compare: [
          .version(of: log, is: number - 1), .creation(of: member, is: tenure.epoch),
        ],
        success: [.put(EtcdPut(log, batch))],
        failure: [.read(log), .read(member)]))
    if answer.hasSucceeded { return answer.revision }
    guard answer.found.count == 2 else {
      throw .strange("\(address): \(answer.found.count) results")
    }
    let (last, holder) = (answer.found[0].first, answer.found[1].first)
    // Appended by this tenure, even if that is over by now: then by no later one.
    if let last, last.version == number, last.value == batch, last.modRevision > tenure.epoch {
      return nil
    }
    guard holder?.createRevision == tenure.epoch else { throw .over }
    let count = last?.version ?? 0
    throw .strange(
      count == number
        ? "batch \(number) of node \(tenure.node) is there with another content"
        : "batch \(number) of node \(tenure.node) was to follow, but there are \(count)")
  }

  public func compact(to revision: Int64) throws(EngineError) {
    do throws(EtcdFailure) {
      _ = try call("/v3/kv/compaction", EtcdCompaction(to: revision), for: EtcdNothing.self)
    } catch {
      guard let fault = error.fault, fault.code == EtcdFault.Code.outOfRange,
        fault.message.hasSuffix("has been compacted")
      else { throw error.error }
    }
  }
}
