import HubbubThreads
import TestSupport
import Testing

@testable import IRCWire

@Suite("ModeSyntax and ModeChange")
struct ModeSyntaxTests {
  private static let syntax = ModeSyntax(
    lists: "beI", always: "k", whenSet: "l", flags: "imnst", prefixes: [("o", "@"), ("v", "+")])

  private static func set(_ letter: Character, _ parameter: String? = nil) -> ModeSyntax.Request {
    .change(ModeChange(isAdding: true, letter, parameter))
  }

  private static func unset(_ letter: Character, _ parameter: String? = nil) -> ModeSyntax.Request {
    .change(ModeChange(isAdding: false, letter, parameter))
  }

  // "A client MAY issue this type of mode without an argument to obtain the current contents of the list"
  // (type A); "These modes MUST have a parameter when being set, and MUST NOT have a parameter when being
  // unset." (type C; Modern IRC, "MODE message").
  @Test(
    "each kind of mode takes the parameters that belong to it",
    arguments: [
      ("", [], []),
      ("+", [], []),
      ("+-+", ["x"], []),
      ("m", [], [set("m")]),
      ("+m-i", [], [set("m"), unset("i")]),
      ("+ov-v", ["a", "b", "c"], [set("o", "a"), set("v", "b"), unset("v", "c")]),
      ("b", [], [.show("b")]),
      ("-b", [], [.show("b")]),
      ("+b-b", ["x", "y"], [set("b", "x"), unset("b", "y")]),
      ("+be", ["x"], [set("b", "x"), .show("e")]),
      ("+k", ["key"], [set("k", "key")]),
      ("-k", ["key"], [unset("k", "key")]),
      ("-k", [], [unset("k")]),
      ("+k", [], [.missingParameter("k")]),
      ("+l", ["5"], [set("l", "5")]),
      ("+l", [], [.missingParameter("l")]),
      ("-l", ["5"], [unset("l")]),
      ("-lo", ["a"], [unset("l"), unset("o", "a")]),
      ("+o", [], [.missingParameter("o")]),
      ("-o", [], [.missingParameter("o")]),
      ("+mX", [], [set("m"), .unknown("X")]),
      ("+Xo", ["a"], [.unknown("X"), set("o", "a")]),
      ("+mo", ["a", "left over"], [set("m"), set("o", "a")]),
      ("++m--m", [], [set("m"), unset("m")]),
      ("+é😀", [], [.unknown("é"), .unknown("😀")]),
      ("+O", ["a"], [.unknown("O")]),
    ] as [(String, [String], [ModeSyntax.Request])])
  func parsing(modes: String, parameters: [String], requests: [ModeSyntax.Request]) {
    #expect(Self.syntax.parse(modes, parameters: parameters) == requests)
  }

  @Test(
    "a mode's parameter is passed on as it is, whatever it says (P7)",
    arguments: ["-1", "0", "99999999999999999999", "", "+5", "x"])
  func numbers(parameter: String) {
    #expect(Self.syntax.parse("+l", parameters: [parameter]) == [Self.set("l", parameter)])
  }

  @Test("any letters are understood or refused, one request for each (P8)")
  func anyModes() {
    let seed = seed()
    var chance = SplitMix64(seed: seed)
    let alphabet = Array("+-+-beIklimnstovXZ?:é".unicodeScalars)
    for _ in 0..<5000 {
      let modes = chance.string(of: alphabet, upTo: 20)
      let parameters = (0..<Int.random(in: 0...6, using: &chance)).map { "p\($0)" }
      let requests = Self.syntax.parse(modes, parameters: parameters)
      #expect(requests.count == modes.filter { $0 != "+" && $0 != "-" }.count, "seed \(seed)")
      let used = requests.compactMap { request -> String? in
        if case .change(let change) = request { change.parameter } else { nil }
      }
      #expect(
        used == Array(parameters.prefix(used.count)), "in their order: \(modes), seed \(seed)")
    }
  }

  @Test(
    "changes are written with a sign where it changes, and their parameters behind",
    arguments: [
      ([], []),
      ([ModeChange(isAdding: true, "m")], ["+m"]),
      ([ModeChange(isAdding: false, "m")], ["-m"]),
      (
        [
          ModeChange(isAdding: true, "o", "alice"), ModeChange(isAdding: true, "v", "bob"),
          ModeChange(isAdding: false, "l"),
        ], ["+ov-l", "alice", "bob"]
      ),
      (
        [
          ModeChange(isAdding: false, "i"), ModeChange(isAdding: true, "k", "key"),
          ModeChange(isAdding: false, "b", "*!*@h"),
        ], ["-i+k-b", "key", "*!*@h"]
      ),
    ] as [([ModeChange], [String])])
  func writing(changes: [ModeChange], parameters: [String]) {
    #expect(ModeChange.encoded(changes) == parameters)
    #expect(
      Self.syntax.parse(parameters.first ?? "", parameters: Array(parameters.dropFirst()))
        == changes.map { .change($0) })
  }

  @Test("the tokens of ISUPPORT say what the syntax is")
  func tokens() {
    #expect(Self.syntax.channelModesToken == "beI,k,l,imnst")
    #expect(Self.syntax.prefixToken == "(ov)@+")
    #expect(ModeSyntax().channelModesToken == ",,,")
    #expect(ModeSyntax().prefixToken == "()")
  }
}
