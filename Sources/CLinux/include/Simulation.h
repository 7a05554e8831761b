#pragma once

/// What a simulated thread calls where another one may go on; `step` is NULL in all other threads.
struct clinux_simulation {
  void (*step)(void *context);
  void *context;
};

/// The calling thread's.
struct clinux_simulation *clinux_simulation(void);
