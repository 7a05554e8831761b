import CLibEdit

extension LineEditor {
  func complete(step: Int) -> UInt8 {
    guard let user, let line = el_line(editor)?.pointee else { return UInt8(CC_ERROR) }
    let length = line.lastchar - line.buffer
    let bytes = UnsafeRawBufferPointer(start: line.buffer, count: length)
    let before = String(decoding: bytes[..<(line.cursor - line.buffer)], as: UTF8.self)
    let after = String(decoding: bytes[(line.cursor - line.buffer)...], as: UTF8.self)
    guard
      let change = completions.next(
        before: before, after: after, step: step, offering: { user.completions(of: $0) })
    else { return UInt8(CC_ERROR) }
    el_deletestr(editor, Int32(change.removed))
    el_insertstr(editor, change.inserted)
    user.offer(completions.candidates, chosen: completions.chosen)
    return UInt8(CC_REFRESH)
  }
}
