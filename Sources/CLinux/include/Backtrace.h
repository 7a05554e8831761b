#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Makes the process able to tell where its threads are: loads the unwinder, which allocates, and
/// installs the handler of a real-time signal. Once for all; any thread.
void clinux_prepare_backtraces(void);

/// The number of that signal.
int clinux_backtrace_signal(void);

/// Lets the calling thread be asked, whatever signals its creator had blocked.
void clinux_allow_backtraces(void);

/// Asks another thread of this process where it is, and waits for the answer.
///
/// One question at a time. Returns the number of return addresses, innermost first, without the
/// handler's own; 0 when the thread is gone or did not answer within the limit.
int clinux_backtrace_of(pid_t thread, void **addresses, int capacity, int limit_milliseconds);

/// What the loader knows of an address: the file it is in, where that is in memory, and the
/// exported symbol before it, which may be NULL.
struct clinux_place {
  const char *file;
  const void *base;
  const char *symbol;
};

/// Returns 0 for an address in no file.
int clinux_locate(const void *address, struct clinux_place *place);

/// Where the program that this is compiled into is in memory.
const void *clinux_own_base(void);

/// The Swift runtime's: the readable form of a mangled name, or NULL. The caller frees it.
char *swift_demangle(
    const char *name, size_t length, char *buffer, size_t *buffer_length, uint32_t flags);
