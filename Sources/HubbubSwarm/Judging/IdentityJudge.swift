/// Judges under whose name, where and when messages arrived (M11).
struct IdentityJudge {
  let evidence: Evidence
  let repeated: [Int]
  let table: MessageTable

  var figures: IdentityFigures {
    var figures = IdentityFigures()
    var found: [Key: Int] = [:]
    let senders = evidence.testimonies.filter { $0.assignment.sender != nil }
      .sorted { $0.assignment.sender! < $1.assignment.sender! }
    for testimony in evidence.testimonies {
      let me = testimony.assignment.nickname
      for (claim, count) in testimony.claims {
        let sender = senders[claim.sender]
        if !isName(claim.nickname, of: sender) {
          let key = Key(.otherName, sender.assignment.nickname, claim.nickname)
          found[key, default: 0] += count
        }
        if claim.target.lowercased() != evidence.plan.roomName(testimony.assignment.room) {
          found[Key(.otherRoom, me, claim.target), default: 0] += count
        }
      }
      let outside = testimony.outside
      found[Key(.afterPart, me)] = outside.afterPart
      found[Key(.afterKick, me)] = outside.afterKick
      found[Key(.beforeJoin, me)] = outside.beforeJoin
      figures.kicks += testimony.kicks.map { "\(me), by \($0)" }
    }
    for message in repeated {
      let sender = senders[Int(table.sender[message])].assignment.nickname
      found[Key(.repeatedID, sender), default: 0] += 1
    }
    figures.faults = found.filter { $0.value > 0 }.map { key, count in
      .init(kind: key.kind, nickname: key.nickname, other: key.other, count: count)
    }
    .sorted { ($1.count, $0.nickname) < ($0.count, $1.nickname) }
    return figures
  }

  /// A server may have given a bot another name than it asked for.
  private func isName(_ name: String, of sender: Testimony) -> Bool {
    name == sender.nickname || name == sender.assignment.nickname
      || sender.moves.contains { $0.nickname == name }
  }

  private struct Key: Hashable {
    var kind: IdentityFigures.Fault.Kind
    var nickname: String
    var other: String

    init(_ kind: IdentityFigures.Fault.Kind, _ nickname: String, _ other: String = "") {
      self.kind = kind
      self.nickname = nickname
      self.other = other
    }
  }
}
