import FoundationEssentials
import Glibc

/// Makes entries of what a watch sends: lines of JSON, in pieces that end anywhere.
struct EtcdWatchReader {
  /// A line is never longer: etcd begins another part of an answer at 1.5 MiB.
  static let lineBytes = 64 << 20

  /// That of the last entry that was given to the caller.
  private(set) var revision: Int64
  private let keys: EtcdKeys
  private let address: String

  /// What has come of the line that is not whole.
  private var line: [UInt8] = []

  /// The entries of the last revision, of which there may be more.
  private var held: [LogEntry] = []
  private let decoder = JSONDecoder()

  /// - Parameter address: of the server, for people.
  init(_ keys: EtcdKeys, after revision: Int64, address: String) {
    (self.keys, self.revision, self.address) = (keys, revision, address)
  }

  /// - Returns: the entries that are known whole by now: never a part of a revision's.
  mutating func read(
    _ bytes: UnsafeRawBufferPointer, status: Int = 200
  ) throws(EtcdFailure) -> [LogEntry] {
    var entries: [LogEntry] = []
    var rest = bytes
    // With another status it is no log, and `end` says what it is.
    while status == 200, let end = Self.lineEnd(in: rest) {
      let tail = UnsafeRawBufferPointer(rebasing: rest[..<end])
      if line.isEmpty {
        try read(Data(tail), into: &entries)
      } else {
        line += tail
        try read(Data(line), into: &entries)
        line.removeAll(keepingCapacity: true)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    }
    guard line.count + rest.count <= Self.lineBytes else {
      throw EtcdFailure(.strange("\(address): a line has no end"))
    }
    line += rest
    return entries
  }

  private static func lineEnd(in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let start = bytes.baseAddress,
      let end = memchr(start, Int32(UInt8(ascii: "\n")), bytes.count)
    else { return nil }
    return UnsafeRawPointer(end) - start
  }

  /// What it means that the server ended the answer.
  func end(status: Int) -> EtcdFailure {
    if status != 200 { return EtcdEngine.failure(status, line, at: address) }
    // The last line may have no end.
    let last = try? decoder.decode(EtcdStreamed<EtcdWatch.Part>.self, from: Data(line))
    if let fault = last?.error { return EtcdFailure(fault, at: address) }
    return EtcdFailure(.away("\(address): it ended the log"), remedy: .nextServer)
  }

  private mutating func read(
    _ line: Data, into entries: inout [LogEntry]
  ) throws(EtcdFailure) {
    guard let streamed = try? decoder.decode(EtcdStreamed<EtcdWatch.Part>.self, from: line) else {
      throw EtcdFailure(.strange("\(address): a line of the log is not what it should be"))
    }
    if let fault = streamed.error { throw EtcdFailure(fault, at: address) }
    guard let part = streamed.result else { return }
    try check(part)
    for event in part.events where event.subject.modRevision > revision {
      if let entry = entry(of: event) { held.append(entry) }
    }
    guard let last = part.events.last?.subject.modRevision else { return }
    let whole = part.isFragment ? held.prefix { $0.revision < last } : held[...]
    guard let end = whole.last?.revision else { return }
    entries += whole
    held.removeFirst(whole.count)
    revision = end
  }

  private func check(_ part: EtcdWatch.Part) throws(EtcdFailure) {
    if part.compactRevision > 0 { throw EtcdFailure(.compacted(part.compactRevision)) }
    guard part.isCanceled else { return }
    let fault = EtcdFault(
      code: EtcdFault.Code.unknown, message: part.cancelReason ?? "it ended the log")
    guard fault.message.hasSuffix("permission denied") else {
      throw EtcdFailure(fault, at: address)
    }
    // Some versions say this as well where the token has run out.
    throw EtcdFailure(.refused("\(address): \(fault.reason)"), remedy: .newToken)
  }

  /// - Returns: nil for what this version does not know.
  private func entry(of event: EtcdWatch.Event) -> LogEntry? {
    let subject = event.subject
    switch (keys.subject(of: subject.key), event.isDeletion) {
    case (.log(let node), false): return LogEntry(subject.modRevision, .batch(node, subject.value))
    case (.member(let node), true): return LogEntry(subject.modRevision, .left(node))
    case (.member(let node), false) where subject.createRevision == subject.modRevision:
      return LogEntry(subject.modRevision, .entered(node, card: subject.value))
    default: return nil
    }
  }
}
