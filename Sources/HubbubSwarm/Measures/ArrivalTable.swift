/// When some messages arrived at each of some recipients: a row a message, a column a recipient.
///
/// Only messages that reached everyone who was to hear them have a row.
public struct ArrivalTable: Sendable {
  /// In the place of a time: this recipient was not to hear this message, since it said it itself.
  public static let absent: Nanoseconds = -1

  /// Where a message came from.
  public struct Origin: Sendable, Equatable {
    /// The place of its sender among all senders.
    public var sender: Int

    /// The column of its sender; nil where it is not ranked.
    public var column: Int?

    /// When the server could have it: when it was written, or, where the server had stopped
    /// reading, when it was due. What the swarm itself was late by is not in it.
    public var start: Nanoseconds

    public init(sender: Int, column: Int? = nil, start: Nanoseconds) {
      self.sender = sender
      self.column = column
      self.start = start
    }
  }

  public let recipients: Int

  /// Nanoseconds since the start of the run, row after row.
  public private(set) var times: [Nanoseconds] = []

  /// One for each row.
  public private(set) var origins: [Origin] = []

  public init(recipients: Int) {
    precondition(recipients > 0, "An arrival table needs a recipient.")
    self.recipients = recipients
  }

  public var messages: Int { times.count / recipients }

  /// Adds the message that arrived at these times, in the order of the recipients.
  public mutating func append(
    _ row: some Collection<Nanoseconds>, from origin: Origin = Origin(sender: 0, start: 0)
  ) {
    precondition(row.count == recipients, "A row of arrivals lacks a recipient.")
    times.append(contentsOf: row)
    origins.append(origin)
  }

  /// The same messages as some of the recipients heard them.
  func of(_ columns: [Int]) -> ArrivalTable {
    var table = ArrivalTable(recipients: columns.count)
    for message in 0..<messages {
      let (row, origin) = (row(message), origins[message])
      let column = origin.column.flatMap { columns.firstIndex(of: $0) }
      table.append(
        columns.map { row[row.startIndex + $0] },
        from: Origin(sender: origin.sender, column: column, start: origin.start))
    }
    return table
  }

  func row(_ message: Int) -> ArraySlice<Nanoseconds> {
    times[message * recipients..<(message + 1) * recipients]
  }

  /// How long a message took to each recipient who was to hear it, in microseconds.
  func latencies(_ message: Int) -> [Double] {
    let start = origins[message].start
    return row(message).filter { $0 != Self.absent }.map { Double($0 - start) / 1_000 }
  }
}
