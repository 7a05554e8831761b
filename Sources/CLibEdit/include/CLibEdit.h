#pragma once

#include <histedit.h>
#include <stdio.h>
#include <wchar.h>

// What Swift cannot call by itself: libedit's variadic functions, each shim for one argument list,
// and the parts that must run inside a signal handler.

/// A command of our own that a key may be bound to; it returns one of the CC_ codes.
typedef unsigned char (*clibedit_command)(EditLine *, int);

static inline int clibedit_set_int(EditLine *editor, int operation, int value) {
  return el_set(editor, operation, value);
}

static inline int clibedit_set_editor(EditLine *editor, const char *name) {
  return el_set(editor, EL_EDITOR, name);
}

/// Whether the keys are those of emacs, or those of vi.
static inline int clibedit_is_emacs(EditLine *editor) {
  const char *name = NULL;
  return el_get(editor, EL_EDITOR, &name) != 0 || name == NULL || name[0] == 'e';
}

static inline int clibedit_set_reader(EditLine *editor, el_rfunc_t reader) {
  return el_set(editor, EL_GETCFN, reader);
}

static inline int clibedit_set_client(EditLine *editor, void *client) {
  return el_set(editor, EL_CLIENTDATA, client);
}

/// What was given to `clibedit_set_client`.
static inline void *clibedit_client(EditLine *editor) {
  void *client = NULL;
  el_get(editor, EL_CLIENTDATA, &client);
  return client;
}

static inline int clibedit_add_command(
    EditLine *editor, const char *name, const char *help, clibedit_command command) {
  return el_set(editor, EL_ADDFN, name, help, command);
}

/// Binds a key in the map that is active.
static inline int clibedit_bind(EditLine *editor, const char *key, const char *command) {
  return el_set(editor, EL_BIND, key, command, NULL);
}

/// Binds a key in the other map: vi's command mode.
static inline int clibedit_bind_alternative(
    EditLine *editor, const char *key, const char *command) {
  const char *words[] = {"bind", "-a", key, command, NULL};
  return el_parse(editor, 4, words);
}

static inline int clibedit_set_capability(
    EditLine *editor, const char *name, const char *value) {
  return el_set(editor, EL_SETTC, name, value, NULL);
}

static inline int clibedit_set_terminal_mode(
    EditLine *editor, const char *when, const char *mode) {
  return el_set(editor, EL_SETTY, when, mode, NULL);
}

static inline int clibedit_refresh(EditLine *editor) {
  return el_set(editor, EL_REFRESH);
}

static inline int clibedit_use_history(EditLine *editor, History *past) {
  return el_set(editor, EL_HIST, history, past);
}

static inline int clibedit_history_int(History *past, int operation, int value) {
  HistEvent event;
  return history(past, &event, operation, value);
}

static inline int clibedit_history_string(History *past, int operation, const char *value) {
  HistEvent event;
  return history(past, &event, operation, value);
}

static inline int clibedit_history_save(History *past, FILE *file) {
  HistEvent event;
  return history(past, &event, H_SAVE_FP, file);
}

/// How many cells glibc gives a character; -1 if it is not printable.
int clibedit_cells(wchar_t character);

/// A stream that throws away what libedit draws and only remembers that it wanted the bell.
FILE *clibedit_sink(void);

/// Whether the bell was wanted since the last call.
int clibedit_take_bell(void);

/// Makes the character set of the locale UTF-8, whatever the environment says. Before el_init.
void clibedit_use_utf8(void);

/// Remembers the modes of the terminal `descriptor`, and puts them back on exit() and in a crash,
/// from then on. Returns -1 and sets errno on failure.
int clibedit_guard_terminal(int descriptor);

/// Puts the remembered modes back and switches off what was switched on. Safe in a signal handler.
void clibedit_restore_terminal(void);

/// Puts nothing back any more: the terminal is no longer ours.
void clibedit_release_terminal(void);

/// Has the number of each caught signal written to `descriptor` as one byte: SIGWINCH, SIGCONT,
/// SIGTSTP, SIGINT, SIGTERM, SIGHUP and SIGQUIT.
void clibedit_report_signals(int descriptor);

/// Stops this process as Ctrl-Z would, and returns when it is continued.
void clibedit_stop_here(void);

/// A pipe that is closed on exec and, on both ends, never waits. Returns -1 and sets errno on
/// failure.
int clibedit_pipe(int ends[2]);
