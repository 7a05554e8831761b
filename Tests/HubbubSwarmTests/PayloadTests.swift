import HubbubThreads
import Testing

@testable import HubbubSwarm

@Suite struct PayloadTests {
  private var random = SplitMix64(seed: 1)

  @Test(arguments: [
    Payload(sender: 0, number: 1, due: 0),
    Payload(sender: 7, number: 1234, due: 1_234_567_890),
    Payload(sender: 1999, number: Payload.largestNumber, due: 999_999_999_999_999),
    Payload(sender: 19, number: 99, due: 99_999_999),
    Payload(sender: 19, number: 99, due: 100_000_000),
  ])
  func `a message can be read back, whatever its size`(_ payload: Payload) {
    var random = SplitMix64(seed: 2)
    let run = RunID(using: &random)
    for size in [Payload.leastBytes, 41, 42, 64, 400] {
      let text = written(payload, run: run, size: size)
      #expect(text.count == size)
      #expect(text.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
      #expect(read(text, run: run) == payload)
    }
  }

  @Test func `a message looks as its documentation says`() {
    var random = SplitMix64(seed: 3)
    let run = RunID(using: &random)
    let text = written(Payload(sender: 7, number: 1234, due: 1_234_567_890), run: run, size: 52)
    #expect(
      String(decoding: text, as: UTF8.self)
        == "\(run) 0000007 0001234 000001234567890 ...........")
    #expect(run.description.hasPrefix("hb") && run.description.utf8.count == 8)
  }

  @Test func `the messages of another run are not ours`() {
    var random = SplitMix64(seed: 4)
    let (ours, other) = (RunID(using: &random), RunID(using: &random))
    let text = written(Payload(sender: 1, number: 1, due: 1), run: other, size: 64)
    #expect(read(text, run: ours) == nil)
  }

  @Test func `a field that holds anything but digits makes it no message`() {
    var random = SplitMix64(seed: 5)
    let run = RunID(using: &random)
    let good = written(Payload(sender: 1, number: 1, due: 1), run: run, size: 40)
    for index in 8..<40 {
      for wrong in [":", "/", "a", "~", "\u{1}"] {
        var text = good
        text[index] = wrong.utf8.first!
        #expect(read(text, run: run) == nil, "\(wrong) at \(index)")
      }
    }
  }

  @Test(arguments: [1, 2, 3, 20, 21, 1024, 1025, 2000, 65_536])
  func `a message's four bytes hold any sender and number`(_ senders: Int) {
    let ids = MessageIDs(senders: senders)
    #expect(ids.largestNumber <= Payload.largestNumber)
    for sender in [0, senders / 2, senders - 1] {
      for number in [1, ids.largestNumber] {
        let id = ids.id(sender: sender, number: number)
        #expect(ids.sender(of: id) == sender && ids.number(of: id) == number)
      }
    }
  }

  private func written(_ payload: Payload, run: RunID, size: Int) -> [UInt8] {
    var text = [UInt8](repeating: 0, count: size)
    text.withUnsafeMutableBytes { payload.write(run: run, into: $0) }
    return text
  }

  private func read(_ text: [UInt8], run: RunID) -> Payload? {
    text.withUnsafeBytes { Payload(run: run, at: $0.baseAddress!) }
  }
}
