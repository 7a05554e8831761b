/// One of several nodes, and who was sent there.
public struct NodeConditions: Sendable, Codable, Equatable {
  public var address: String

  /// Bots that send, and bots that only read.
  public var bots: Int
  public var observers: Int

  /// One for each node of `plan`; none where there is one server.
  static func all(in plan: Plan) -> [NodeConditions] {
    guard plan.hasNodes else { return [] }
    let assignments = Assignment.all(in: plan)
    return plan.targets.enumerated().map { node, target in
      let here = assignments.filter { $0.node == node && $0.isHealthy }
      return NodeConditions(
        address: "\(target)", bots: here.count { $0.sender != nil },
        observers: here.count { $0.sender == nil })
    }
  }
}
