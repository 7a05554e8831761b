#pragma once

/// What one thread holds that others may have to wait for: a counter a kind of thing, odd while it
/// holds one.
///
/// Only the thread itself writes, and a watchdog reads. Relaxed: a counter that was odd with the
/// same value in every look is what a watchdog goes by, and it needs no order for that.
struct clinux_holdings {
  unsigned turns[3];
};

/// The calling thread's. In the program itself, never in a library that is loaded later: one
/// instruction to find it.
extern _Thread_local struct clinux_holdings clinux_holdings_of_this_thread
    __attribute__((tls_model("initial-exec")));

/// The calling thread took or gave back a thing of this kind.
static inline void clinux_note_turn(int kind) {
  unsigned *turn = &clinux_holdings_of_this_thread.turns[kind];
  __atomic_store_n(turn, *turn + 1, __ATOMIC_RELAXED);
}

static inline const struct clinux_holdings *clinux_own_holdings(void) {
  return &clinux_holdings_of_this_thread;
}

/// A counter of any thread that still runs.
static inline unsigned clinux_turn(const struct clinux_holdings *holdings, int kind) {
  return __atomic_load_n(&holdings->turns[kind], __ATOMIC_RELAXED);
}
