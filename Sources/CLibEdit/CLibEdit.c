#define _GNU_SOURCE
#include "CLibEdit.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// MARK: Characters

int clibedit_cells(wchar_t character) { return wcwidth(character); }

void clibedit_use_utf8(void) {
  if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
    setlocale(LC_CTYPE, "C.UTF-8");
  }
}

// MARK: The sink

// One editor at a time draws, on one thread; relaxed is enough.
static int bell_wanted = 0;

static ssize_t swallow(void *cookie, const char *bytes, size_t count) {
  (void)cookie;
  if (memchr(bytes, '\a', count) != NULL) {
    __atomic_store_n(&bell_wanted, 1, __ATOMIC_RELAXED);
  }
  return (ssize_t)count;
}

FILE *clibedit_sink(void) {
  cookie_io_functions_t functions = {.write = swallow};
  FILE *sink = fopencookie(NULL, "w", functions);
  if (sink != NULL) setvbuf(sink, NULL, _IONBF, 0);
  return sink;
}

int clibedit_take_bell(void) { return __atomic_exchange_n(&bell_wanted, 0, __ATOMIC_RELAXED); }

// MARK: Restoring the terminal

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
enum { crash_count = sizeof crashes / sizeof *crashes };

static struct termios modes_before;
static struct sigaction handlers_before[crash_count];
static volatile sig_atomic_t guarded = -1;

void clibedit_restore_terminal(void) {
  if (guarded < 0) return;
  // Wrapping on, bracketed paste off, plain text.
  static const char plain[] = "\033[?7h\033[?2004l\033[0m";
  int error = errno;
  // Nothing can be done about a terminal that went away.
  ssize_t ignored = write(guarded, plain, sizeof plain - 1);
  (void)ignored;
  tcsetattr(guarded, TCSADRAIN, &modes_before);
  errno = error;
}

void clibedit_release_terminal(void) { guarded = -1; }

static void crash(int number, siginfo_t *info, void *context) {
  (void)context;
  clibedit_restore_terminal();
  clibedit_release_terminal();
  for (int i = 0; i < crash_count; i++) {
    // The handler that was there (Swift's backtrace, or the default) sees the fault when the
    // instruction runs again, or gets the signal when it was raised.
    if (crashes[i] == number) sigaction(number, &handlers_before[i], NULL);
  }
  bool is_sent = info == NULL || info->si_code <= 0;
  if (is_sent || number == SIGABRT || number == SIGTRAP) raise(number);
}

int clibedit_guard_terminal(int descriptor) {
  static int is_registered = 0;
  if (tcgetattr(descriptor, &modes_before) != 0) return -1;
  guarded = descriptor;
  if (is_registered) return 0;
  is_registered = 1;
  atexit(clibedit_restore_terminal);
  struct sigaction action = {.sa_sigaction = crash, .sa_flags = SA_ONSTACK | SA_SIGINFO};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < crash_count; i++) sigaction(crashes[i], &action, &handlers_before[i]);
  return 0;
}

// MARK: Signals

static volatile sig_atomic_t reports_to = -1;

static void report(int number) {
  int error = errno;
  unsigned char byte = (unsigned char)number;
  // A full pipe already holds enough to wake the reader.
  ssize_t ignored = write(reports_to, &byte, 1);
  (void)ignored;
  errno = error;
}

void clibedit_report_signals(int descriptor) {
  static const int reported[] = {SIGWINCH, SIGCONT, SIGTSTP, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  reports_to = descriptor;
  struct sigaction action = {.sa_handler = report, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof reported / sizeof *reported; i++) {
    sigaction(reported[i], &action, NULL);
  }
}

void clibedit_stop_here(void) {
  struct sigaction ours, plain = {.sa_handler = SIG_DFL};
  sigemptyset(&plain.sa_mask);
  sigaction(SIGTSTP, &plain, &ours);
  kill(getpid(), SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
}

int clibedit_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC | O_NONBLOCK); }
