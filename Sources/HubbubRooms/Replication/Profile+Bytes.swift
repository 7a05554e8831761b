import HubbubBytes
import IRCWire

// What is known of a person, as nodes tell each other of it.

extension Profile {
  func write(to writer: inout ByteWriter) {
    writer.write(nickname)
    writer.write(userName)
    writer.write(host)
    writer.write(optional: former?.userName)
    writer.write(optional: former?.host)
    writer.write(peerAddress)
    writer.write(realName)
    writer.write(isRegistered)
    writer.write(optional: away)
    writer.write(list: userModes.changes(since: UserModes())) { $0.write(String($1.mode)) }
    writer.write(optional: operatorName)
    writer.write(optional: account)
    writer.write(isOverWeb)
    writer.write(isSecure)
    writer.write(optional: certificateFingerprint)
    writer.write(signedOn)
  }

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    let nickname = try reader.text()
    let userName = try reader.text()
    let host = try reader.text()
    let (formerUser, formerHost) = (try reader.optionalText(), try reader.optionalText())
    let address = try reader.text()
    let realName = try reader.text()
    let isRegistered = try reader.flag()
    let away = try reader.optionalText()
    var modes = UserModes()
    let letters = try reader.list { (reader) throws(ByteReader.Malformed) in
      try reader.letter()
    }
    for letter in letters {
      modes.apply(ModeChange(isAdding: true, letter))
      // Which nobody gives itself.
      if letter == "o" { modes.isOperator = true }
    }
    let (operatorName, account) = (try reader.optionalText(), try reader.optionalText())
    let (isOverWeb, isSecure) = (try reader.flag(), try reader.flag())
    let fingerprint = try reader.optionalText()
    self.init(
      host: formerHost ?? host, address: address, signedOn: try reader.time())
    if let formerUser {
      self.userName = formerUser
      adopt(userName: userName, host: host)
    } else {
      self.userName = userName
    }
    (self.nickname, self.realName, self.isRegistered) = (nickname, realName, isRegistered)
    (self.away, userModes, self.operatorName, self.account) = (away, modes, operatorName, account)
    (self.isOverWeb, self.isSecure) = (isOverWeb, isSecure)
    certificateFingerprint = fingerprint
  }
}
