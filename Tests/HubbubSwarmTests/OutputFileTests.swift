import Foundation
import Testing

@testable import HubbubSwarm

/// Whether files can be written is known before the run, and asking changes nothing.
@Suite final class OutputFileTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("hubbub-output-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  @Test func `what can be written passes, and stays as it was`() throws {
    let (old, new) = (path("old.json"), path("new.json"))
    try OutputFile.write(Array("as it was".utf8), to: old)
    try OutputFile.check([old, new, "/dev/null"])
    #expect(OutputFile.read(old) == Array("as it was".utf8))
    #expect(!FileManager.default.fileExists(atPath: new))
  }

  @Test
  func `a folder that is not there, and one in the file's place, are refused with the reason`()
    throws
  {
    let missing = path("nowhere/run.json")
    let error = try #require(throws: OutputFile.Unwritable.self) {
      try OutputFile.check([missing])
    }
    #expect(error.description.contains(missing) && error.description.contains("No such file"))
    #expect(throws: OutputFile.Unwritable.self) { try OutputFile.check([folder.path]) }
  }

  @Test func `two things for one file are refused`() {
    #expect(throws: OutputFile.Clash.self) { try OutputFile.check([path("a"), path("a")]) }
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
