import CLibEdit
import Glibc

extension LineEditor {
  func handleSignal(_ number: Int32) {
    switch number {
    case SIGWINCH:
      terminal.resize()
    case SIGTSTP:
      suspend()
    case SIGCONT:
      // Stopped from outside: the shell has set the terminal's modes, and libedit does not know.
      _ = clibedit_set_int(editor, EL_PREP_TERM, 0)
      resume()
    default:
      outcome = .terminated(number)
    }
  }

  /// Ctrl-Z: gives the terminal back, stops, and takes it again after `fg`.
  func suspend() {
    terminal.goBelow()
    terminal.marksPastes(false)
    _ = clibedit_set_int(editor, EL_PREP_TERM, 0)
    clibedit_restore_terminal()
    clibedit_stop_here()
    _ = signals.drain()
    terminal.resize()
    resume()
  }

  private func resume() {
    lastIdle = nil  // What waits now was typed while nobody read.
    _ = clibedit_set_int(editor, EL_PREP_TERM, 1)
    terminal.forget()
    terminal.marksPastes(true)
  }
}
