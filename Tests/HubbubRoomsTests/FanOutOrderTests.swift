import HubbubLog
import Testing

/// Who is delivered to before whom.
@Suite struct FanOutOrderTests {
  @Test("each order has every member once", arguments: [0, 1, 2, 3, 12, 22, 97, 1000])
  func permutation(count: Int) {
    var order = FanOutOrder(seed: 7)
    for _ in 0..<100 { #expect(order.next(count: count).sorted() == Array(0..<count)) }
  }

  @Test(
    "over 1800 messages every pair hears first 0.40 to 0.60 of the time", arguments: [5, 12, 22])
  func pairs(count: Int) {
    var order = FanOutOrder(seed: 42)
    var earlier = Array(repeating: Array(repeating: 0, count: count), count: count)
    for _ in 0..<1800 {
      var places = Array(repeating: 0, count: count)
      for (place, member) in order.next(count: count).enumerated() { places[member] = place }
      for one in 0..<count {
        for other in 0..<count where places[one] < places[other] { earlier[one][other] += 1 }
      }
    }
    for one in 0..<count {
      for other in 0..<count where one != other {
        #expect((720...1080).contains(earlier[one][other]), "\(one) before \(other)")
      }
    }
  }

  @Test("and everybody has each place about as often", arguments: [5, 12, 22])
  func places(count: Int) {
    var order = FanOutOrder(seed: 1)
    var first = Array(repeating: 0, count: count)
    let rounds = 2000 * count
    for _ in 0..<rounds { first[order.next(count: count).first { _ in true }!] += 1 }
    for times in first { #expect((1700...2300).contains(times)) }
  }
}
