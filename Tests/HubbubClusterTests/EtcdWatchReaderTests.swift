import FoundationEssentials
import Testing

@testable import HubbubCluster

struct EtcdWatchReaderTests {
  private static let keys = EtcdKeys(network: "test")

  /// An event as etcd writes it; a batch where nothing else is said.
  private func event(
    _ revision: Int64, key: EtcdBytes = keys.log(of: 3), created: Int64 = 1,
    isDeletion: Bool = false
  ) throws -> String {
    struct Event: Encodable {
      let type: String?
      let kv: KeyValue

      struct KeyValue: Encodable {
        let key: EtcdBytes
        let created: String
        let revision: String
        let value: EtcdBytes?

        private enum CodingKeys: String, CodingKey {
          case key, value
          case created = "create_revision"
          case revision = "mod_revision"
        }
      }
    }
    let value = isDeletion ? nil : EtcdBytes("\(revision)")
    let event = Event(
      type: isDeletion ? "DELETE" : nil,
      kv: .init(
        key: key, created: "\(created)", revision: "\(revision)", value: value))
    return String(decoding: EtcdEngine.json(event), as: UTF8.self)
  }

  private func line(_ events: [String], isFragment: Bool = false) -> String {
    let fragment = isFragment ? #""fragment":true,"# : ""
    return #"{"result":{"header":{"revision":"9"},\#(fragment)"events":["#
      + events.joined(separator: ",") + "]}}\n"
  }

  private func batch(_ revision: Int64) -> LogEntry {
    LogEntry(revision, .batch(3, Array("\(revision)".utf8)))
  }

  private func read(
    _ reader: inout EtcdWatchReader, _ text: some Sequence<UInt8>
  ) throws -> [LogEntry] {
    try Array(text).withUnsafeBytes { bytes in try reader.read(bytes) }
  }

  @Test("what comes may end anywhere")
  func pieces() throws {
    let created = #"{"result":{"header":{"revision":"9"},"created":true}}"# + "\n"
    let text = try Array(
      (created + line([event(5), event(6)]) + line([event(8)])).utf8)
    for size in [1, 2, 7, 100, text.count] {
      var reader = EtcdWatchReader(Self.keys, after: 4, address: "etcd")
      var entries: [LogEntry] = []
      for start in stride(from: 0, to: text.count, by: size) {
        entries += try read(&reader, text[start..<min(start + size, text.count)])
      }
      #expect(entries == [batch(5), batch(6), batch(8)])
      #expect(reader.revision == 8)
    }
  }

  @Test("the entries of one revision stay together")
  func fragments() throws {
    var reader = EtcdWatchReader(Self.keys, after: 4, address: "etcd")
    let other = Self.keys.log(of: 4)
    let otherEntry = LogEntry(6, .batch(4, [UInt8(ascii: "6")]))
    #expect(try read(&reader, line([event(5), event(6)], isFragment: true).utf8) == [batch(5)])
    #expect(try read(&reader, line([event(6, key: other)], isFragment: true).utf8) == [])
    #expect(
      try read(&reader, line([event(7)]).utf8) == [batch(6), otherEntry, batch(7)])
    // An unfinished one is not lost where the watch goes on from the last that was given.
    #expect(try read(&reader, line([event(8)], isFragment: true).utf8) == [])
    #expect(reader.revision == 7)
  }

  @Test("what was read before is dropped")
  func repeats() throws {
    var reader = EtcdWatchReader(Self.keys, after: 4, address: "etcd")
    #expect(try read(&reader, line([event(3), event(4), event(5)]).utf8) == [batch(5)])
    #expect(try read(&reader, line([event(5)]).utf8) == [])
    #expect(try read(&reader, line([event(6)]).utf8) == [batch(6)])
  }

  @Test("a node's key that is made or deleted is a tenure's beginning or end, and nothing else is")
  func kinds() throws {
    var reader = EtcdWatchReader(Self.keys, after: 4, address: "etcd")
    let member = Self.keys.member(1023)
    let text = try line([
      event(5, key: member, created: 5), event(6, key: member, created: 5),
      event(7, key: member, isDeletion: true), event(8, key: EtcdBytes("hub/test/log/x")),
      event(9, key: EtcdBytes("hub/test/new/0001")), event(10, isDeletion: true),
    ])
    #expect(
      try read(&reader, text.utf8) == [
        LogEntry(5, .entered(1023, card: [UInt8(ascii: "5")])), LogEntry(7, .left(1023)),
      ])
  }

  @Test(
    "what ends a log is told by its last line",
    arguments: [
      (
        #"{"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader"}}"#,
        EngineError.away("etcd: no leader"), EtcdFailure.Remedy.nextServer
      ),
      (
        #"{"result":{"header":{"revision":"9"},"canceled":true,"compact_revision":"7"}}"#,
        .compacted(7), .none
      ),
      (
        #"{"result":{"created":true,"canceled":true,"cancel_reason":"etcdserver: permission denied"}}"#,
        .refused("etcd: permission denied"), .newToken
      ),
      (
        #"{"result":{"canceled":true,"cancel_reason":"rpc error: code = Unauthenticated desc = etcdserver: invalid auth token"}}"#,
        .refused("etcd: invalid auth token"), .newToken
      ),
      ("<html>", .strange("etcd: a line of the log is not what it should be"), .none),
    ])
  func endings(_ line: String, _ error: EngineError, _ remedy: EtcdFailure.Remedy) throws {
    var reader = EtcdWatchReader(Self.keys, after: 4, address: "etcd")
    let failure = #expect(throws: EtcdFailure.self) { try read(&reader, (line + "\n").utf8) }
    #expect(failure?.error == error)
    #expect(failure?.remedy == remedy)
  }

  @Test("the last line may have no end")
  func unfinishedError() throws {
    var reader = EtcdWatchReader(Self.keys, after: 4, address: "etcd")
    let text = #"{"error":{"grpc_code":14,"message":"etcdserver: no leader"}}"#
    #expect(try read(&reader, text.utf8) == [])
    #expect(reader.end(status: 200).error == .away("etcd: no leader"))
  }

  @Test(
    "an answer with another status is no log",
    arguments: [
      (
        401, #"{"error":{"grpc_code":16,"message":"etcdserver: invalid auth token"}}"#,
        EngineError.refused("etcd: invalid auth token")
      ),
      (
        503, #"{"error":"etcdserver: no leader","code":14,"message":"no leader"}"#,
        .away("etcd: no leader")
      ),
      (502, "<html>", .away("etcd: HTTP status 502")),
      (404, "Not Found", .strange("etcd: HTTP status 404")),
    ])
  func statuses(_ status: Int, _ body: String, _ error: EngineError) throws {
    var reader = EtcdWatchReader(Self.keys, after: 4, address: "etcd")
    let entries = try Array((body + "\n").utf8).withUnsafeBytes { bytes in
      try reader.read(bytes, status: status)
    }
    #expect(entries == [])
    #expect(reader.end(status: status).error == error)
  }

  @Test("a line without end is no log")
  func endless() throws {
    var reader = EtcdWatchReader(Self.keys, after: 4, address: "etcd")
    let megabyte = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    let failure = #expect(throws: EtcdFailure.self) {
      for _ in 0...64 { _ = try read(&reader, megabyte) }
    }
    #expect(failure?.error == .strange("etcd: a line has no end"))
  }
}
