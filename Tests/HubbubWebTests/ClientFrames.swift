@testable import HubbubWeb

/// A frame as a client sends it.
func clientFrame(
  _ first: UInt8, _ payload: [UInt8], mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
) -> [UInt8] {
  var frame = [first]
  switch payload.count {
  case ...125: frame.append(0x80 | UInt8(payload.count))
  case ...0xFFFF: frame += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
  default:
    frame.append(0xFF)
    frame += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> (8 * $0)) }
  }
  return frame + mask + payload.enumerated().map { $1 ^ mask[$0 & 3] }
}

func clientFrame(_ first: UInt8, _ text: String) -> [UInt8] { clientFrame(first, Array(text.utf8)) }

/// What happened, kept beyond the life of the framer's buffers; a message with all its pieces.
enum Happening: Equatable {
  case text([UInt8])
  case binary([UInt8])
  case ping([UInt8])
  case pong([UInt8])
  case close(UInt16?)
  case failed(UInt16)

  static func text(_ text: String) -> Happening { .text(Array(text.utf8)) }
}

/// What a framer makes of bytes that come in pieces of one size.
func happenings(_ bytes: [UInt8], pieces: Int, limit: Int = 64 * 1024) -> [Happening] {
  var framer = WebSocketFramer(messageBytes: limit)
  var happenings: [Happening] = []
  var message: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: pieces) {
    var piece = Array(bytes[start..<min(bytes.count, start + pieces)])
    piece.withUnsafeMutableBytes { piece in
      framer.feed(piece) { event in
        switch event {
        case .piece(let bytes): message += bytes
        case .messageEnd(let isText):
          happenings.append(isText ? .text(message) : .binary(message))
          message = []
        case .ping(let payload): happenings.append(.ping(Array(payload)))
        case .pong(let payload): happenings.append(.pong(Array(payload)))
        case .close(let code): happenings.append(.close(code?.rawValue))
        case .failed(let code, _): happenings.append(.failed(code.rawValue))
        }
        return true
      }
    }
  }
  return happenings
}
