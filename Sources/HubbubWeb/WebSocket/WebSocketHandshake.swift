import COpenSSL

/// The request that turns a connection into a WebSocket (RFC 6455 section 4.2), checked.
public struct WebSocketHandshake: Sendable, Equatable {
  public let subprotocol: Subprotocol

  /// The answer that accepts it.
  public let response: HTTPResponse

  /// - Parameters:
  ///   - known: what can be spoken at this address, the first where the client offers nothing.
  ///   - door: whose hosts and origins are let in.
  /// - Throws: the answer that refuses it, with the fields that its status asks for.
  public init(
    _ request: HTTPRequest, speaking known: [Subprotocol], door: DoorRules
  ) throws(Refused) {
    guard request.method == "GET", request.body == .none else {
      throw Refused(.methodNotAllowed, "A WebSocket begins with a GET.", ["Allow": "GET"])
    }
    guard request.wantsWebSocket else {
      throw Refused(
        .upgradeRequired, "This is the address of a WebSocket.",
        ["Upgrade": "websocket", "Connection": "Upgrade"])
    }
    guard request.fields["Sec-WebSocket-Version"] == "13" else {
      throw Refused(
        .upgradeRequired, "Version 13 of the WebSocket protocol is spoken here.",
        ["Sec-WebSocket-Version": "13"])
    }
    let keys = request.fields.values(of: "Sec-WebSocket-Key")
    guard keys.count == 1, Self.isKey(keys[0]) else {
      throw Refused(.badRequest, "The Sec-WebSocket-Key is no 16 bytes in Base64.")
    }
    if let refusal = door.refusal(of: request) { throw Refused(refusal) }
    guard
      let (subprotocol, isAnswered) = Subprotocol.choose(
        offered: request.fields.list("Sec-WebSocket-Protocol"), among: known)
    else {
      throw Refused(
        .badRequest,
        "The subprotocols spoken here: \(known.map(\.rawValue).joined(separator: ", ")).")
    }
    self.subprotocol = subprotocol
    var fields: HTTPFields = [
      "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": Self.accept(keys[0]),
    ]
    if isAnswered { fields.append("Sec-WebSocket-Protocol", subprotocol.rawValue) }
    response = HTTPResponse(.switchingProtocols, fields: fields)
  }

  /// A handshake that is not accepted.
  public struct Refused: Error, Sendable, Equatable {
    public let response: HTTPResponse

    init(_ refusal: HTTPRefusal, _ fields: HTTPFields = [:]) {
      var response = HTTPResponse(refusal)
      for field in fields.all { response.fields.append(field.name, field.value) }
      self.response = response
    }

    init(_ status: HTTPStatus, _ sentence: String, _ fields: HTTPFields = [:]) {
      self.init(HTTPRefusal(status, sentence), fields)
    }
  }

  /// "a base64-encoded value that, when decoded, is 16 bytes in length"
  static func isKey(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 24, bytes.suffix(2) == [0x3D, 0x3D], !bytes.dropLast(2).contains(0x3D)
    else { return false }
    var decoded = [UInt8](repeating: 0, count: 18)
    return EVP_DecodeBlock(&decoded, bytes, 24) == 18
  }

  /// The proof that the server read the key: SHA-1 of it and a constant. Nothing rests on the
  /// strength of SHA-1 here.
  public static func accept(_ key: String) -> String {
    let text = Array("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    let code = EVP_Digest(text, text.count, &digest, nil, EVP_sha1(), nil)
    precondition(code == 1, "OpenSSL has no SHA-1.")
    var encoded = [UInt8](repeating: 0, count: 29)
    EVP_EncodeBlock(&encoded, digest, 20)
    return String(decoding: encoded.prefix(28), as: UTF8.self)
  }
}
