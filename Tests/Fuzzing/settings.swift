import HubbubServer

/// Whatever a settings file holds, it is either refused with something to say about it, or what it says can be
/// written down and reads back the same.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzSettings(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = Input(start, count).text
  // A name of a file may lead anywhere, to what never ends as well.
  if text.utf8.contains(UInt8(ascii: "/")) || text.contains("file") { return 0 }
  let read: ServerSettings
  do throws(SettingsError) {
    read = try SettingsFile.parse(text, file: "fuzzed.yaml")
  } catch {
    require(!error.problems.isEmpty, "refused without a reason: '\(text)'")
    for problem in error.problems {
      require(!problem.text.isEmpty, "a problem without words: '\(text)'")
      require((problem.line ?? 1) > 0, "a problem in no line: '\(text)'")
    }
    return 0
  }
  guard let written = try? SettingsPrint.text(of: read),
    let again = try? SettingsFile.parse(written, file: "fuzzed.yaml")
  else { fatalError("what was read cannot be written: '\(text)'") }
  require(again == read, "what was written reads otherwise: '\(text)'")
  return 0
}
