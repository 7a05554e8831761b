import HubbubBytes
import IRCWire

// Speech as nodes tell each other of it.

extension Speech {
  func write(to writer: inout ByteWriter) {
    switch verb {
    case .message: writer.write(byte: 0)
    case .notice: writer.write(byte: 1)
    case .tags: writer.write(byte: 2)
    }
    switch content {
    case .nothing: writer.write(byte: 0)
    case .text(let text):
      writer.write(byte: 1)
      writer.write(text.bytes)
    case .lines(let lines, let batch):
      writer.write(byte: 2)
      writer.write(list: lines) { writer, line in
        writer.write(line.text)
        writer.write(line.isContinued)
      }
      writer.write(batch)
    }
    writer.write(list: tags) { writer, tag in
      writer.write(tag.key)
      writer.write(tag.value)
    }
  }

  init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
    let verb: Verb
    switch try reader.byte() {
    case 0: verb = .message
    case 1: verb = .notice
    case 2: verb = .tags
    default: throw ByteReader.Malformed("a speech has no such verb")
    }
    let content: Content
    switch try reader.byte() {
    case 0: content = .nothing
    case 1: content = .text(SpokenText(try reader.text()))
    case 2:
      let lines = try reader.list { (reader) throws(ByteReader.Malformed) in
        Line(text: try reader.text(), isContinued: try reader.flag())
      }
      content = .lines(lines, batch: try reader.text())
    default: throw ByteReader.Malformed("a speech has no such content")
    }
    let tags = try reader.list { (reader) throws(ByteReader.Malformed) in
      Tag(try reader.text(), try reader.text())
    }
    self.init(verb, content, tags: tags)
  }
}
