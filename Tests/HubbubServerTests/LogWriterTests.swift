import Foundation
import Glibc
import HubbubServer
import Testing

@Suite struct LogWriterTests {
  /// A pipe, of whose reading end nothing is read unless the test does.
  private struct Pipe {
    let reading: Int32
    let writing: Int32

    init(flags: Int32 = 0) throws {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      _ = fcntl(ends[1], F_SETFL, flags)
      (reading, writing) = (ends[0], ends[1])
    }

    func readToEnd() -> String {
      close(writing)
      let handle = FileHandle(fileDescriptor: reading, closeOnDealloc: true)
      return String(decoding: handle.readDataToEndOfFile(), as: UTF8.self)
    }
  }

  @Test("a log that nobody reads holds up nobody's end")
  func unread() throws {
    let pipe = try Pipe()
    let writer = try LogWriter(descriptor: pipe.writing, patience: .milliseconds(10))
    // More than a pipe holds.
    for number in 0..<5000 { writer.write("\(number) " + String(repeating: "x", count: 100)) }
    writer.close()
    let lines = pipe.readToEnd().split(separator: "\n")
    #expect((1..<5000).contains(lines.count))
  }

  @Test(
    "a pipe that is read late gets every line, whether it blocks or not",
    arguments: [0, O_NONBLOCK])
  func slow(flags: Int32) throws {
    let pipe = try Pipe(flags: flags)
    let writer = try LogWriter(descriptor: pipe.writing, patience: .seconds(60))
    for number in 0..<5000 { writer.write("\(number) " + String(repeating: "x", count: 100)) }
    let reader = Thread {
      // Reads while the writer waits to be read.
      writer.close()
      close(pipe.writing)
    }
    reader.start()
    let handle = FileHandle(fileDescriptor: pipe.reading, closeOnDealloc: true)
    let text = String(decoding: handle.readDataToEndOfFile(), as: UTF8.self)
    #expect(
      text.split(separator: "\n").compactMap { Int($0.prefix { $0 != " " }) } == Array(0..<5000))
  }

  /// L9
  @Test("what could not be written is counted, and said when there is room")
  func full() throws {
    let pipe = try Pipe()
    let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    let writer = try LogWriter(descriptor: descriptor)
    for number in 0..<2000 {
      writer.write("\(number)")
      // Now there is room.
      if number == 1000 { dup2(pipe.writing, descriptor) }
    }
    writer.close()
    close(descriptor)
    let lines = pipe.readToEnd().split(separator: "\n")
    let written = lines.compactMap { Int($0) }
    let dropped = lines.compactMap { $0.wholeMatch(of: /log: ([0-9]+) lines were dropped/)?.1 }
    #expect(written.last == 1999)
    #expect(written == written.sorted())
    #expect(written.count + dropped.reduce(0) { $0 + Int($1)! } == 2000)
    #expect(written.count + dropped.count == lines.count)
  }
}
