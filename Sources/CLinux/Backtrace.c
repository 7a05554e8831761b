#define _GNU_SOURCE
#include "Backtrace.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { FRAMES = 64, OWN_FRAMES = 2, ANSWERED = INT_MAX };

// Who is asked: a thread's id. The thread itself makes it negative when it begins to answer, so
// that an answer that comes too late finds somebody else's id, or none, and writes nothing.
// Sequentially consistent: ANSWERED hands `frames` and `count` over; the semaphore only wakes.
static atomic_int asked;
static void *frames[FRAMES];
static int count;
static sem_t answered;

// Only what a signal handler may do: `backtrace` allocates nothing once the unwinder is loaded.
static void answer(int number) {
  (void)number;
  int saved = errno;
  int self = (int)syscall(SYS_gettid);
  int expected = self;
  if (atomic_compare_exchange_strong(&asked, &expected, -self)) {
    count = backtrace(frames, FRAMES);
    atomic_store(&asked, ANSWERED);
    sem_post(&answered);
  }
  errno = saved;
}

static void prepare(void) {
  void *first[1];
  backtrace(first, 1);
  sem_init(&answered, 0, 0);
  struct sigaction action = {.sa_handler = answer, .sa_flags = SA_RESTART | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  sigaction(SIGRTMIN, &action, NULL);
}

void clinux_prepare_backtraces(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, prepare);
}

int clinux_backtrace_signal(void) { return SIGRTMIN; }

void clinux_allow_backtraces(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGRTMIN);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static int is_answered(int limit_milliseconds) {
  struct timespec deadline;
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  long nanoseconds = deadline.tv_nsec + (limit_milliseconds % 1000) * 1000000L;
  deadline.tv_sec += limit_milliseconds / 1000 + nanoseconds / 1000000000L;
  deadline.tv_nsec = nanoseconds % 1000000000L;
  int code;
  while ((code = sem_clockwait(&answered, CLOCK_MONOTONIC, &deadline)) != 0 && errno == EINTR) {}
  return code == 0;
}

static int ask(pid_t thread, void **addresses, int capacity, int limit_milliseconds) {
  // One that began to answer once and never finished keeps the place: nobody is asked any more.
  int nobody = 0;
  if (!atomic_compare_exchange_strong(&asked, &nobody, thread)) return 0;
  int isThere = syscall(SYS_tgkill, getpid(), thread, SIGRTMIN) == 0;
  if (!isThere || !is_answered(limit_milliseconds)) {
    int expected = thread;
    if (atomic_compare_exchange_strong(&asked, &expected, 0)) return 0;
    if (!is_answered(limit_milliseconds)) return 0;
  }
  if (atomic_load(&asked) != ANSWERED) return 0;
  int kept = 0;
  for (int index = OWN_FRAMES; index < count && kept < capacity; index++) {
    addresses[kept++] = frames[index];
  }
  atomic_store(&asked, 0);
  return kept;
}

int clinux_backtrace_of(pid_t thread, void **addresses, int capacity, int limit_milliseconds) {
  static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
  clinux_prepare_backtraces();
  pthread_mutex_lock(&one_at_a_time);
  int kept = ask(thread, addresses, capacity, limit_milliseconds);
  pthread_mutex_unlock(&one_at_a_time);
  return kept;
}

int clinux_locate(const void *address, struct clinux_place *place) {
  Dl_info info;
  if (!dladdr(address, &info)) return 0;
  *place = (struct clinux_place){info.dli_fname, info.dli_fbase, info.dli_sname};
  return 1;
}

const void *clinux_own_base(void) {
  struct clinux_place place;
  return clinux_locate((const void *)clinux_own_base, &place) ? place.base : NULL;
}
