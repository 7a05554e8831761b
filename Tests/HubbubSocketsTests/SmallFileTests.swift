import Glibc
import HubbubSockets
import TestSupport
import Testing

/// Files are read and replaced whole, whatever lies in the way.
@Suite struct SmallFileTests {
  private let folder = TemporaryDirectory()

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  private func write(_ name: String, _ text: String) throws {
    try SmallFile.replace(path(name), with: Array(text.utf8))
  }

  private func read(_ name: String) throws -> String {
    String(decoding: try SmallFile.read(path(name)), as: UTF8.self)
  }

  /// The names in the folder.
  private var names: Set<String> {
    var names: Set<String> = []
    guard let directory = opendir(folder.path) else { return names }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) {
          _ = names.insert(String(cString: $0))
        }
      }
    }
    return names.subtracting([".", ".."])
  }

  private func isLink(_ name: String) -> Bool {
    var status = stat()
    return lstat(path(name), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  @Test("a file is replaced whole, is its owner's alone, and nothing else is left behind")
  func replaced() throws {
    try write("a", "one")
    try write("a", "two")
    #expect(try read("a") == "two")
    var status = stat()
    #expect(stat(path("a"), &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(names == ["a"])
  }

  @Test("a link that lies where a temporary file once had its name is not written through")
  func temporary() throws {
    try write("victim", "as it was")
    let obstacles = ["a.new", "a.\(getpid())", "a.tmp"]
    for name in obstacles { #expect(symlink("victim", path(name)) == 0) }
    try write("a", "text")
    #expect(try read("victim") == "as it was")
    #expect(try read("a") == "text")
    #expect(names == Set(["a", "victim"] + obstacles))
  }

  @Test("a link in the file's own place is replaced, and what it leads to stays")
  func linkReplaced() throws {
    try write("victim", "as it was")
    #expect(symlink("victim", path("a")) == 0)
    try write("a", "text")
    #expect(try read("victim") == "as it was")
    #expect(!isLink("a"))
  }

  @Test("a person's own link is kept, wherever it leads, also to what is not there yet")
  func linkKept() throws {
    #expect(mkdir(path("home"), 0o700) == 0)
    #expect(symlink("home/target", path("relative")) == 0)
    #expect(symlink(path("relative"), path("chain")) == 0)
    for (name, text) in [("relative", "one"), ("chain", "two"), ("plain", "three")] {
      try SmallFile.replaceThroughLink(path(name), with: Array(text.utf8))
      #expect(try read(name == "plain" ? "plain" : "home/target") == text)
    }
    #expect(isLink("relative") && isLink("chain"))
    #expect(symlink("circle", path("circle")) == 0)
    #expect(throws: FileError.self) { try SmallFile.replaceThroughLink(path("circle"), with: []) }
  }

  @Test("what cannot be replaced says why, and leaves nothing behind")
  func failed() throws {
    #expect(mkdir(path("a"), 0o700) == 0)
    let error = #expect(throws: FileError.self) { try write("a", "text") }
    #expect(error?.reason == "Is a directory")
    #expect(names == ["a"])
    let missing = #expect(throws: FileError.self) { try write("none/a", "text") }
    #expect(missing?.isMissing == true)
  }

  @Test("what is no file is refused in words, at once")
  func noFile() throws {
    #expect(mkdir(path("directory"), 0o700) == 0)
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path("socket").utf8) }
    let code = withUnsafeBytes(of: &address) {
      bind(
        socket, $0.assumingMemoryBound(to: sockaddr.self).baseAddress,
        socklen_t(MemoryLayout<sockaddr_un>.size))
    }
    #expect(code == 0)
    for (path, kind) in [
      (path("directory"), "a directory"), (path("pipe"), "a named pipe"),
      (path("socket"), "a socket"), ("/dev/zero", "a device"), ("/dev/null", "a device"),
    ] {
      let error = #expect(throws: FileError.self) { try SmallFile.read(path) }
      #expect(error?.reason == "it is \(kind), and not a file")
      guard kind == "a named pipe" || kind == "a socket" else { continue }
      let other = #expect(throws: FileError.self) { try SmallFile.append([1], to: path) }
      #expect(other?.reason == "it is \(kind), and not a file")
    }
    #expect(throws: FileError.self) { try SmallFile.read(path("none")) }
  }

  @Test("bytes are added at the end, and the first make the file")
  func appended() throws {
    for text in ["one\n", "two\n"] { try SmallFile.append(Array(text.utf8), to: path("a")) }
    #expect(try read("a") == "one\ntwo\n")
  }
}
