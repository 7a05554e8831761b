import IRCWire

/// The pieces of one SASL message, as `AUTHENTICATE` brings them: 400 bytes each, a shorter one or
/// `+` at the end (IRCv3 SASL 3.1). A value of its session's.
public struct SaslChunks: Sendable {
  /// What a piece has led to.
  public enum Outcome: Sendable, Equatable {
    /// There is more to come.
    case incomplete

    /// The whole message, decoded.
    case message([UInt8])

    /// `*`: the client gives up; 906.
    case aborted

    /// A piece, or all of them, is longer than it may be; 905.
    case tooLong

    /// It is no Base64; 904.
    case malformed
  }

  private var text: [UInt8] = []

  /// "Each chunk is a maximum of 400 bytes long."
  public static let chunkBytes = 400

  /// All pieces together.
  public static let maxBytes = 2048

  public init() {}

  /// Takes the parameter of an `AUTHENTICATE`. After anything but `incomplete` it is empty again.
  public mutating func add(_ chunk: String) -> Outcome {
    let bytes = Array(chunk.utf8)
    if bytes == [UInt8(ascii: "*")] { return finish(.aborted) }
    guard bytes.count <= Self.chunkBytes, text.count + bytes.count <= Self.maxBytes
    else { return finish(.tooLong) }
    if bytes != [UInt8(ascii: "+")] { text += bytes }
    if bytes.count == Self.chunkBytes { return .incomplete }
    guard let message = Base64.decode(text) else { return finish(.malformed) }
    return finish(.message(message))
  }

  private mutating func finish(_ outcome: Outcome) -> Outcome {
    text = []
    return outcome
  }

  /// The parameters with which a message is sent: pieces of 400 bytes, and `+` where the last one
  /// is as long, or there is nothing.
  public static func split(_ message: [UInt8]) -> [String] {
    let text = Array(Base64.encode(message).utf8)
    var chunks = stride(from: 0, to: text.count, by: chunkBytes).map {
      String(decoding: text[$0..<min($0 + chunkBytes, text.count)], as: UTF8.self)
    }
    if text.count % chunkBytes == 0 { chunks.append("+") }
    return chunks
  }
}
