import CLibEdit

// How libedit is set up.

extension LineEditor {
  func configure() {
    _ = clibedit_set_client(editor, Unmanaged.passUnretained(self).toOpaque())
    // With libedit's own handlers a SIGTERM would go to the whole process group.
    _ = clibedit_set_int(editor, EL_SIGNAL, 0)
    _ = clibedit_set_editor(editor, "emacs")
    _ = clibedit_history_int(history, H_SETSIZE, 1000)
    _ = clibedit_history_int(history, H_SETUNIQUE, 1)
    _ = clibedit_use_history(editor, history)
    addCommands()
    el_source(editor, nil)
    bindKeys()
    // Ctrl-C, Ctrl-Z and Ctrl-\ come as characters: with signals the kernel throws away what was
    // typed.
    _ = clibedit_set_terminal_mode(editor, "-d", "-isig")
    _ = clibedit_set_terminal_mode(editor, "-d", "-ixon")
    // Between two lines nothing is echoed either, and the kernel edits nothing: a Backspace that is
    // typed ahead would rub out the end of a paste, and ^U all of it.
    for mode in ["-echo", "-isig", "-ixon", "-icanon", "-iexten"] {
      _ = clibedit_set_terminal_mode(editor, "-x", mode)
    }
    _ = clibedit_set_reader(editor) { editor, character in
      guard let editor, let character else { return -1 }
      return LineEditor.from(editor).nextScalar(into: character)
    }
  }

  private func addCommands() {
    _ = clibedit_add_command(editor, "chat-complete", "Complete a name or a command") { editor, _ in
      LineEditor.from(editor!).complete(step: 1)
    }
    _ = clibedit_add_command(editor, "chat-complete-back", "Complete, backwards") { editor, _ in
      LineEditor.from(editor!).complete(step: -1)
    }
  }

  private func bindKeys() {
    for key in Key.edited {
      guard let (code, command) = key.editing else { continue }
      let name = "\\" + String(code, radix: 8)
      _ = clibedit_bind(editor, name, command)
      _ = clibedit_bind_alternative(editor, name, command)
    }
    _ = clibedit_bind(editor, "^I", "chat-complete")
    for (key, command) in [("^N", "ed-next-history"), ("^P", "ed-prev-history")] {
      _ = clibedit_bind(editor, key, command)
      _ = clibedit_bind_alternative(editor, key, command)
    }
    _ = clibedit_bind(editor, "^R", "em-inc-search-prev")
    // With vi's keys nothing must begin with ESC: alone it leads to the command mode.
    guard clibedit_is_emacs(editor) != 0 else { return }
    // M-x would replace the draft by libedit's own command line.
    _ = clibedit_bind(editor, "\\ex", "ed-unassigned")
    _ = clibedit_bind(editor, "\\eX", "ed-unassigned")
  }

  private static func from(_ editor: OpaquePointer) -> LineEditor {
    Unmanaged<LineEditor>.fromOpaque(clibedit_client(editor)).takeUnretainedValue()
  }
}
