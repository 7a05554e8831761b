#define _GNU_SOURCE
#include "CLinux.h"

#include <malloc.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

void clinux_name_this_thread(const char *name) {
  char kept[16];
  snprintf(kept, sizeof kept, "%s", name);
  pthread_setname_np(pthread_self(), kept);
}

pid_t clinux_thread_id(void) { return gettid(); }

void clinux_release_unused_stack(void) {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  void *start;
  size_t size;
  pthread_attr_getstack(&attributes, &start, &size);
  pthread_attr_destroy(&attributes);
  // The page that is written to now stays, and what a call from here on may write to below it.
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), here = (uintptr_t)__builtin_frame_address(0);
  uintptr_t kept = (here - 1024) & ~(page - 1);
  uintptr_t lowest = ((uintptr_t)start + page - 1) & ~(page - 1);
  if (kept > lowest) madvise((void *)lowest, kept - lowest, MADV_DONTNEED);
}

_Thread_local struct clinux_holdings clinux_holdings_of_this_thread;

struct clinux_simulation *clinux_simulation(void) {
  static _Thread_local struct clinux_simulation simulation;
  return &simulation;
}

int *clinux_lock_level(void) {
  static _Thread_local int level;
  return &level;
}

void clinux_limit_arenas(int count) { mallopt(M_ARENA_MAX, count); }

void clinux_trim_allocator(void) { malloc_trim(0); }

int clinux_set_nonblocking(int descriptor, int on) {
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return -1;
  return fcntl(descriptor, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

ssize_t clinux_send_now(int socket, const struct iovec *spans, size_t count) {
  int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
  if (count == 1) {
    return syscall(SYS_sendto, socket, spans->iov_base, spans->iov_len, flags, NULL, 0);
  }
  struct msghdr header = {.msg_iov = (struct iovec *)spans, .msg_iovlen = count};
  return syscall(SYS_sendmsg, socket, &header, flags);
}
