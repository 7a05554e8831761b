import IRCWire

extension StoredEntry {
  /// One line of an export, without its ending: an object in JSON.
  ///
  /// - Parameters:
  ///   - target: the name of the room or of the other person.
  ///   - id: the message id.
  public func json(target: String, id: String, account: String?) -> String {
    var fields = [
      ("time", Timestamp(milliseconds: time).description), ("target", target), ("msgid", id),
      ("kind", "\(kind)"), ("source", source),
    ]
    if let account { fields.append(("account", account)) }
    fields.append(("text", String(decoding: text, as: UTF8.self)))
    if !tags.isEmpty { fields.append(("tags", String(decoding: tags, as: UTF8.self))) }
    return "{"
      + fields.map { "\"\($0.0)\":\"\(Self.escaped($0.1))\"" }.joined(separator: ",") + "}"
  }

  /// RFC 8259, section 7: quotation mark, reverse solidus and control characters are escaped.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
