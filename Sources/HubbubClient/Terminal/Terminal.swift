import CLibEdit
import Glibc

/// The terminal that a person sits at: its size, what is drawn on it, and writing to it.
///
/// One thread's alone.
final class Terminal {
  let input: Int32
  let output: Int32

  private var painter: Painter

  /// Lines that wait to be printed above the prompt.
  private var lines: [String] = []

  /// What was drawn last, so that nothing is drawn twice.
  private var painted: InputLayout?

  init(input: Int32, output: Int32) {
    self.input = input
    self.output = output
    let size = Self.size(of: output)
    painter = Painter(columns: size.columns, rows: size.rows)
  }

  /// The geometry of what is drawn, which the last `resize()` read.
  var columns: Int { painter.columns }
  var rows: Int { painter.rows }

  /// Has a line printed with the next `paint` or `erase`.
  func print(_ line: String) { lines.append(line) }

  /// Draws the input where it changed, or where lines wait to be printed.
  func paint(_ layout: InputLayout) {
    guard layout != painted || !lines.isEmpty else { return }
    let text = painter.paint(layout, above: lines)
    lines.removeAll()
    painted = layout
    write(text)
  }

  /// Removes the input, and prints what waits.
  func erase() {
    painted = nil
    write(painter.erase(printing: lines))
    lines.removeAll()
  }

  /// Leaves the input visible and goes to the row below.
  func goBelow() {
    painted = nil
    write(painter.goBelow())
  }

  func clear() {
    painted = nil
    write(painter.clear())
  }

  /// Somebody else has used the terminal: nothing of the old drawing is known any more.
  func forget() {
    painted = nil
    painter.forget()
  }

  /// Looks at the size anew. Only when told that it changed: the old geometry is needed for
  /// cleaning up.
  func resize() {
    let size = Self.size(of: output)
    guard size != (painter.columns, painter.rows) else { return }
    painted = nil
    write(painter.resize(columns: size.columns, rows: size.rows))
  }

  func bell() { write("\u{7}") }

  /// Bracketed paste: whether a paste arrives marked as such.
  func marksPastes(_ isOn: Bool) { write("\u{1B}[?2004\(isOn ? "h" : "l")") }

  /// All of it; a terminal that is gone swallows it.
  private func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(output, rest.baseAddress, rest.count)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if errno == EAGAIN {
          var waiting = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, -1)
        } else if errno != EINTR {
          return
        }
      }
    }
  }

  private static func size(of descriptor: Int32) -> (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
    return (max(2, Int(size.ws_col)), max(1, Int(size.ws_row)))
  }
}
