import Foundation
import HubbubServer
import Testing

/// What the program calls itself.
@Suite struct VersionTests {
  @Test("--version names the number that the wire names, and the commit or that none is known")
  func number() throws {
    let version = try Tool.run("--version")
    #expect(version.exitCode == 0)
    let line = version.output.trimmingCharacters(in: .newlines)
    let commit = #/\((commit unknown|[0-9a-f]{7,40}(-changed)?)\)/#
    #expect(line.hasPrefix("hubbub \(Version.number) ("), "\(line)")
    #expect(line.firstMatch(of: commit) != nil, "\(line)")
    #expect(Version.text == "hubbub-\(Version.number)")
  }
}
