import HubbubBytes
import HubbubRooms
import IRCWire

/// What a node says of itself to the others, for as long as it is a member. A value.
public struct NodeCard: Sendable, Equatable {
  /// Its name as a server.
  public var name: String

  /// The program's.
  public var version: String

  /// What all nodes must have alike, because actions are decided by it: names and values, in the
  /// order of the names.
  public var terms: [Term]

  /// When it came, by its own clock.
  public var time: Timestamp

  public struct Term: Sendable, Equatable {
    public let name, value: String

    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  public init(name: String, version: String, terms: [Term], time: Timestamp) {
    (self.name, self.version, self.time) = (name, version, time)
    self.terms = terms.sorted { $0.name < $1.name }
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(byte: Self.format)
    writer.write(name)
    writer.write(version)
    writer.write(time)
    writer.write(list: terms) { writer, term in
      writer.write(term.name)
      writer.write(term.value)
    }
    return writer.bytes
  }

  private static let format: UInt8 = 1

  init(_ bytes: [UInt8]) throws(ByteReader.Malformed) {
    var reader = ByteReader(bytes[...])
    guard try reader.byte() == Self.format else {
      throw ByteReader.Malformed("a node is of a version that this one does not know")
    }
    (name, version, time) = (try reader.text(), try reader.text(), try reader.time())
    terms = try reader.list { (reader) throws(ByteReader.Malformed) in
      Term(try reader.text(), try reader.text())
    }
  }

  /// What another node has otherwise, in words; none where both can be of one network.
  func differences(from other: NodeCard) -> [String] {
    let names = Set(terms.map(\.name)).union(other.terms.map(\.name)).sorted()
    return names.compactMap { name in
      let own = terms.first { $0.name == name }?.value
      let others = other.terms.first { $0.name == name }?.value
      guard own != others else { return nil }
      return "\(name) is \(own ?? "not there") here and \(others ?? "not there") at \(other.name)"
    }
  }
}
