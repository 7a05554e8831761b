import Testing

@testable import IRCWire

@Suite("ListFilter")
struct ListFilterTests {
  private static let channel = ListFilter.Channel(
    name: "#tea", users: 3, ageSeconds: 150, topicAgeSeconds: 59)

  // "C: Searching based on channel creation time, via the "C<val" and "C>val" modifiers to search for a channel
  // creation time that is higher or lower than val" minutes, and likewise T and U (Modern IRC, ELIST).
  @Test(
    "conditions",
    arguments: [
      ("", true), (">2", true), (">3", false), ("<4", true), ("<3", false), (">2,<4", true),
      (">2,<3", false), ("C>2", true), ("C>3", false), ("C<3", true), ("C<2", false), ("c>2", true),
      ("T<1", true), ("T>1", false), ("T>0", true), ("T<0", false), ("#t*", true), ("#T*", true),
      ("#c*", false), ("#c*,#t*", true), ("!#t*", false), ("!#c*", true), ("#t*,!#te*", false),
      ("#???", true), ("#??", false), ("*", true),
    ])
  func conditions(words: String, isListed: Bool) {
    #expect(ListFilter(words).allows(Self.channel) == isListed)
  }

  @Test("a channel without a topic meets no condition on it")
  func noTopic() {
    var channel = Self.channel
    channel.topicAgeSeconds = nil
    #expect(!ListFilter("T<10").allows(channel))
    #expect(!ListFilter("T>10").allows(channel))
    #expect(ListFilter("C>1").allows(channel))
  }

  @Test(
    "P7 numbers of any size and kind",
    arguments: [
      (">9223372036854775807", false), ("<9223372036854775807", true),
      (">9223372036854775808", false), ("<99999999999999999999999999", true),
      ("C>9223372036854775807", false), ("C<9223372036854775807", true),
      ("C<153722867280912931", true), ("T>99999999999999999999999", false),
      // These are none, and say nothing.
      (">-1", true), ("<-1", true), (">", true), ("<x", true), ("C", true), ("C>", true),
      ("T<1.5", true),
      ("><", true), (">+5", true), ("<0x1", true), (",,,", true),
    ])
  func numbers(words: String, isListed: Bool) {
    let filter = ListFilter(words)
    #expect(filter.allows(Self.channel) == isListed)
    #expect(filter.looksAtAll)
  }

  @Test("whole names are looked up, in their order")
  func names() {
    let filter = ListFilter("#b,#a,>1")
    #expect(filter.names == ["#b", "#a"])
    #expect(!filter.looksAtAll)
    #expect(ListFilter("#b*").looksAtAll)
  }
}
