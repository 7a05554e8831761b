/// When some messages arrived at each of some recipients: a row a message, a column a recipient.
///
/// Only messages that reached every one of them have a row.
public struct ArrivalTable: Sendable {
  public let recipients: Int

  /// Nanoseconds since the start of the run, row after row.
  public private(set) var times: [Nanoseconds] = []

  public init(recipients: Int) {
    precondition(recipients > 0, "An arrival table needs a recipient.")
    self.recipients = recipients
  }

  public var messages: Int { times.count / recipients }

  /// Adds the message that arrived at these times, in the order of the recipients.
  public mutating func append(_ row: some Collection<Nanoseconds>) {
    precondition(row.count == recipients, "A row of arrivals lacks a recipient.")
    times.append(contentsOf: row)
  }

  func row(_ message: Int) -> ArraySlice<Nanoseconds> {
    times[message * recipients..<(message + 1) * recipients]
  }
}
