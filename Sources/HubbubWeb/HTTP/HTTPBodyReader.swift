/// Reads the body of one request, of a known length or in chunks (RFC 9112 section 7.1). A value
/// for one thread, without I/O.
public struct HTTPBodyReader: Sendable {
  public enum State: Sendable, Equatable {
    case incomplete
    case complete([UInt8])

    /// Answer it, and end the connection.
    case refused(HTTPRefusal)
  }

  public private(set) var state = State.incomplete

  private let limitBytes: Int
  private var body: [UInt8] = []
  private var stage: Stage

  /// The size of a chunk, what ends it, or a trailer: a line that is being read.
  private var line: [UInt8] = []

  /// All bytes of trailers.
  private var trailerBytes = 0

  private enum Stage {
    /// This many bytes of the only part are missing.
    case whole(Int)
    case size
    case chunk(Int)
    case chunkEnd
    case trailers
  }

  /// A size with what may be behind it, and all trailers together. They are read and forgotten.
  private static let lineBytes = 256
  private static let trailersBytes = 4096

  public init(_ body: HTTPBody, limitBytes: Int) {
    self.limitBytes = limitBytes
    switch body {
    case .none:
      stage = .whole(0)
      state = .complete([])
    case .length(let count):
      stage = .whole(count)
      if count > limitBytes { state = Self.tooLong }
    case .chunked: stage = .size
    }
  }

  private static let tooLong = State.refused(
    HTTPRefusal(.contentTooLarge, "The body of the request is too long."))

  private static let malformed = State.refused(.bad("The chunks of the body are malformed."))

  /// - Returns: how many of the bytes were taken.
  public mutating func feed(_ bytes: UnsafeRawBufferPointer) -> Int {
    var rest = bytes[...]
    while !rest.isEmpty, state == .incomplete {
      switch stage {
      case .whole(let missing):
        take(&rest, missing) { .whole($0) }
        if case .whole(0) = stage { state = .complete(body) }
      case .chunk(let missing):
        take(&rest, missing) { $0 == 0 ? .chunkEnd : .chunk($0) }
      case .size, .chunkEnd, .trailers: takeLineByte(rest.removeFirst())
      }
    }
    return rest.startIndex - bytes.startIndex
  }

  private mutating func take(
    _ rest: inout Slice<UnsafeRawBufferPointer>, _ missing: Int, then next: (Int) -> Stage
  ) {
    let piece = rest.prefix(missing)
    body.append(contentsOf: piece)
    rest = rest.dropFirst(piece.count)
    stage = next(missing - piece.count)
  }

  private mutating func takeLineByte(_ byte: UInt8) {
    line.append(byte)
    if case .trailers = stage { trailerBytes += 1 }
    guard line.count <= Self.lineBytes || trailerBytes > 0, trailerBytes <= Self.trailersBytes
    else {
      state = Self.malformed
      return
    }
    guard byte == 0x0A else { return }
    guard line.count > 1, line[line.count - 2] == 0x0D else {
      state = Self.malformed
      return
    }
    finish(line.dropLast(2))
    line.removeAll(keepingCapacity: true)
  }

  private mutating func finish(_ text: ArraySlice<UInt8>) {
    switch stage {
    case .size: begin(chunkOf: text)
    case .chunkEnd:
      if text.isEmpty { stage = .size } else { state = Self.malformed }
    case .trailers:
      if text.isEmpty { state = .complete(body) }
    case .whole, .chunk: preconditionFailure("These stages read no lines.")
    }
  }

  private mutating func begin(chunkOf line: ArraySlice<UInt8>) {
    let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 && $0 != 0x09 }
    let isHex = digits.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20)
    }
    guard isHex, (1...16).contains(digits.count) else {
      state = Self.malformed
      return
    }
    guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16),
      size <= limitBytes - body.count
    else {
      state = Self.tooLong
      return
    }
    stage = size == 0 ? .trailers : .chunk(size)
  }
}
