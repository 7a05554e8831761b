#pragma once

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "Backtrace.h"
#include "Holdings.h"
#include "Simulation.h"

/// Accepts a connection; the new descriptor is close-on-exec. Returns -1 and sets errno on failure.
int clinux_accept(int listener);

/// Names the calling thread; Linux keeps the first 15 bytes.
void clinux_name_this_thread(const char *name);

/// The calling thread's kernel id, as it appears under /proc/PID/task.
pid_t clinux_thread_id(void);

/// Gives the pages of the calling thread's stack that it does not need at the moment back to the
/// system: they are empty when they are needed again. Not for the main thread, whose stack has no
/// end that is known.
void clinux_release_unused_stack(void);

/// The highest lock level that the calling thread holds, as a place to read and write. 0: none.
int *clinux_lock_level(void);

/// Limits how many arenas the allocator keeps: what is freed in one is of no use to the others.
/// Before there are other threads.
void clinux_limit_arenas(int count);

/// Gives memory that is free back to the system. Any thread; takes a while where there is much.
void clinux_trim_allocator(void);

/// Sets O_NONBLOCK on or off. Returns -1 and sets errno on failure.
int clinux_set_nonblocking(int descriptor, int on);

/// Sends what the socket takes at once, from one span or from several. Returns -1 and sets errno on
/// failure.
///
/// The bare system calls: glibc's are cancellation points, which costs two atomic operations a call
/// in a program that never cancels a thread.
ssize_t clinux_send_now(int socket, const struct iovec *spans, size_t count);
