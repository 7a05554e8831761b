import HubbubLog

/// A connection has become a person's who was here already.
///
/// It is told nothing until its place is filled (`Outbox.fill`): nothing that is said to the person
/// comes before what the connection is told of itself. Then it may read the person's rooms
/// (`Registry.attach`).
public struct Attachment: Sendable {
  public let person: Member

  /// The rooms that it has left as whom it was before.
  public let left: [Room]

  /// Where it is told of itself.
  public let reservation: Outbox.Reservation

  /// The number of the last thing that was said in each private talk, by name, where something was
  /// said lately: what comes behind it is said to this connection as well.
  public let talks: [String: UInt64]
}
