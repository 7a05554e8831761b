#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/// Many non-blocking sends as one system call (io_uring).
struct curing;

/// Opens a ring for up to `capacity` sends at once. NULL where the system refuses, with the reason
/// in errno.
struct curing *curing_open(unsigned capacity);

void curing_close(struct curing *ring);

/// Adds a send of these spans, which must stay as they are until the submission. Returns 0, or -1
/// where the ring is full.
int curing_add(struct curing *ring, int socket, const struct iovec *spans, size_t count);

/// Carries out everything that was added, and waits for nothing but the call itself.
///
/// results[i] is what the i-th send that was added returned: a number of bytes, or a negative
/// errno. Returns 0, or a negative errno where the submission itself failed; then nothing is known
/// of the sends that results mark as -EINPROGRESS.
int curing_submit(struct curing *ring, int *results);
