import HubbubBytes
import IRCWire

/// An action as it stands in the log of many nodes: who does it is named, and not held.
public struct RecordedAction: Sendable {
  /// The connection from which it is done.
  public let session: MemberID
  public let time: Timestamp
  public let deed: Action.Deed

  /// Who comes with it, where it is a registration.
  public let arrival: Arrival?

  /// Somebody of whom the others know nothing yet.
  public struct Arrival: Sendable {
    /// The person's number, and what is known of it.
    public let person: MemberID
    public let profile: Profile

    /// How it has shown that it has its account.
    public let credential: [UInt8]?
  }

  /// - Returns: the action as it is put into the log.
  public static func bytes(of action: Action) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(action.author.session.id)
    writer.write(action.time)
    action.deed.write(to: &writer)
    if case .register = action.deed {
      writer.write(action.author.member.id)
      action.author.member.profile.write(to: &writer)
      writer.write(optional: action.author.session.credential) { $0.write($1) }
    }
    return writer.bytes
  }

  /// What is done without having been submitted, as when a node is gone.
  public init(by session: MemberID, at time: Timestamp, _ deed: Action.Deed) {
    (self.session, self.time, self.deed, arrival) = (session, time, deed, nil)
  }

  /// - Throws: where the bytes are no action, or one of a later version.
  public init(_ bytes: ArraySlice<UInt8>) throws(ByteReader.Malformed) {
    var reader = ByteReader(bytes)
    session = try reader.number()
    time = try reader.time()
    deed = try Action.Deed(from: &reader)
    if case .register = deed {
      let (person, profile) = (try reader.number(), try Profile(from: &reader))
      let credential = try reader.optional { (reader) throws(ByteReader.Malformed) in
        try reader.data()
      }
      arrival = Arrival(person: person, profile: profile, credential: credential)
    } else {
      arrival = nil
    }
    guard reader.isAtEnd else { throw ByteReader.Malformed("something follows an action") }
  }
}
