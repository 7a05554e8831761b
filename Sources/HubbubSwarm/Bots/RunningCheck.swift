/// What one recipient can tell of completeness and order while the run goes on, from two numbers a
/// sender.
///
/// It costs one look into an array a message. What is missing may still come; the whole truth is
/// told when the run is over.
struct RunningCheck: Sendable {
  /// Messages that were passed over by a later one of the same sender, and have not come since.
  private(set) var missing = 0

  /// Messages that had come before.
  private(set) var doubled = 0

  /// Messages that came after a later one of the same sender.
  private(set) var stepsBack = 0

  private var senders: [(last: Int32, heard: Int32)]

  init(senders: Int) {
    self.senders = Array(repeating: (0, 0), count: senders)
  }

  /// The greatest number that came of a sender.
  func last(_ sender: Int) -> Int { Int(senders[sender].last) }

  /// How many messages came of a sender.
  func heard(_ sender: Int) -> Int { Int(senders[sender].heard) }

  @inline(__always)
  mutating func note(_ sender: Int, _ number: Int) {
    let last = Int(senders[sender].last)
    senders[sender].heard += 1
    if number > last {
      missing += number - last - 1
      senders[sender].last = Int32(number)
    } else {
      noteOld(number, after: last)
    }
  }

  /// A number below the last one fills a gap, where there is one; otherwise it came twice.
  private mutating func noteOld(_ number: Int, after last: Int) {
    if number < last { stepsBack += 1 }
    if number < last, missing > 0 { missing -= 1 } else { doubled += 1 }
  }
}
