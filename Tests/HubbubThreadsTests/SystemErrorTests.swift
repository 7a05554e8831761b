import Glibc
import HubbubThreads
import Testing

@Suite("SystemError")
struct SystemErrorTests {
  @Test(
    "an error says the call and the C library's sentence",
    arguments: [
      (ECONNREFUSED, "Connection refused"), (EADDRINUSE, "Address already in use"),
      (EMFILE, "Too many open files"), (9999, "Unknown error 9999"),
    ])
  func words(code: Int32, reason: String) {
    let error = SystemError(call: "bind", errno: code)
    #expect(error.reason == reason)
    #expect(error.description == "bind: \(reason)")
  }
}
