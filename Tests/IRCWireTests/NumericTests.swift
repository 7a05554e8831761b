import Testing

@testable import IRCWire

@Suite("Numeric")
struct NumericTests {
  // "a numeric reply MUST … use a three-digit numeric as the command" (Modern IRC, "Numeric Replies").
  @Test(
    "a numeric is three digits, those that Modern IRC gives it",
    arguments: [
      (.welcome, "001"), (.supported, "005"), (.userModeIs, "221"), (.away, "301"),
      (.noTopic, "331"),
      (.nameReply, "353"), (.endOfNames, "366"), (.endOfMessageOfTheDay, "376"),
      (.noSuchNick, "401"),
      (.inputTooLong, "417"), (.nicknameInUse, "433"), (.needMoreParameters, "461"),
      (.badChannelKey, "475"), (.operatorNeeded, "482"), (.invalidModeParameter, "696"),
    ] as [(Numeric, String)])
  func codes(numeric: Numeric, code: String) {
    #expect(numeric.code == code)
  }

  @Test("every numeric that exists has three digits")
  func threeDigits() {
    let all = (-1...1000).compactMap(Numeric.init(rawValue:))
    #expect(!all.isEmpty)
    #expect(all.allSatisfy { $0.code.utf8.count == 3 && Int($0.code) == $0.rawValue })
  }
}
