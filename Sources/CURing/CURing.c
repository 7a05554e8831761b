#include "CURing.h"

#include <errno.h>
#include <liburing.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>

struct curing {
  struct io_uring ring;
  unsigned capacity;
  unsigned count;
  struct msghdr *headers;
};

/// A kernel or sandbox may have rings and not allow these.
static int can_send(struct io_uring *ring) {
  struct io_uring_probe *probe = io_uring_get_probe_ring(ring);
  if (!probe) return 0;
  int can = io_uring_opcode_supported(probe, IORING_OP_SEND) &&
            io_uring_opcode_supported(probe, IORING_OP_SENDMSG);
  io_uring_free_probe(probe);
  return can;
}

struct curing *curing_open(unsigned capacity) {
  struct curing *ring = calloc(1, sizeof *ring);
  if (!ring) return NULL;
  ring->headers = calloc(capacity, sizeof *ring->headers);
  int code = ring->headers ? io_uring_queue_init(capacity, &ring->ring, 0) : -ENOMEM;
  if (code == 0 && !can_send(&ring->ring)) {
    io_uring_queue_exit(&ring->ring);
    code = -ENOSYS;
  }
  if (code == 0) {
    ring->capacity = capacity;
    return ring;
  }
  free(ring->headers);
  free(ring);
  errno = -code;
  return NULL;
}

void curing_close(struct curing *ring) {
  io_uring_queue_exit(&ring->ring);
  free(ring->headers);
  free(ring);
}

int curing_add(struct curing *ring, int socket, const struct iovec *spans, size_t count) {
  if (ring->count == ring->capacity) return -1;
  struct io_uring_sqe *entry = io_uring_get_sqe(&ring->ring);
  if (!entry) return -1;
  int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  if (count == 1) {
    io_uring_prep_send(entry, socket, spans->iov_base, spans->iov_len, flags);
  } else {
    struct msghdr *header = &ring->headers[ring->count];
    *header = (struct msghdr){.msg_iov = (struct iovec *)spans, .msg_iovlen = count};
    io_uring_prep_sendmsg(entry, socket, header, flags);
  }
  entry->user_data = ring->count++;
  return 0;
}

int curing_submit(struct curing *ring, int *results) {
  unsigned count = ring->count;
  ring->count = 0;
  for (unsigned index = 0; index < count; index++) results[index] = -EINPROGRESS;
  unsigned known = 0;
  while (known < count) {
    int code = io_uring_submit_and_wait(&ring->ring, count - known);
    if (code < 0 && code != -EINTR && code != -EAGAIN && code != -EBUSY) return code;
    // The kernel is short of something for a moment: let those run who may give it back.
    if (code == -EAGAIN || code == -EBUSY) sched_yield();
    struct io_uring_cqe *entry;
    while (io_uring_peek_cqe(&ring->ring, &entry) == 0) {
      results[entry->user_data] = entry->res;
      io_uring_cqe_seen(&ring->ring, entry);
      known++;
    }
  }
  return 0;
}
