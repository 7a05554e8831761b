import Foundation

/// A real browser without a window: Debian's Chromium, with a profile of its own that is thrown away.
struct Browser {
  /// What the reader prefers.
  enum Theme: String, CaseIterable {
    case light = "1"
    case dark = "0"
  }

  /// The browser could not open a page.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// How long it may take, in seconds.
  static let limit = "90"

  /// Opens `html` in a window of this width, lets its scripts run, and tells what `PageProbe` saw there.
  ///
  /// The page lies in a frame, since the browser's own window is never narrower than 500 pixels.
  /// - Throws: `Failure`, or `DecodingError` where the probe did not run to its end.
  static func open(_ html: String, width: Int, theme: Theme = .light) throws -> PageProbe {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hubbub-page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appendingPathComponent("page.html")
    try Data(PageProbe.frame(PageProbe.planted(in: html), width: width).utf8).write(to: page)
    return try PageProbe(dump: dump(page, folder, theme))
  }

  /// The page's elements, as they are once its scripts have run.
  private static func dump(_ page: URL, _ folder: URL, _ theme: Theme) throws -> String {
    let output = folder.appendingPathComponent("dump")
    let complaints = folder.appendingPathComponent("complaints")
    for file in [output, complaints] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "timeout", limit, "chromium", "--headless", "--no-sandbox", "--disable-gpu",
      "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
      "--user-data-dir=\(folder.path)/profile", "--window-size=1600,1200",
      "--blink-settings=preferredColorScheme=\(theme.rawValue)", "--virtual-time-budget=5000",
      "--dump-dom", page.absoluteString,
    ]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: complaints)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let words = try String(decoding: Data(contentsOf: complaints), as: UTF8.self)
      throw Failure(
        description: "chromium (a Debian package; Tests/run installs it) ended with "
          + "\(process.terminationStatus): \(words.suffix(2_000))")
    }
    return try String(decoding: Data(contentsOf: output), as: UTF8.self)
  }
}
