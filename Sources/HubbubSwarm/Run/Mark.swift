import Glibc

/// Where the clocks and counters stood at one moment.
struct Mark {
  let time: Nanoseconds
  let received: Int

  /// The server's processor time; 0 where its process is not known.
  let server: Nanoseconds

  /// This process's processor time.
  let process: Nanoseconds

  init(_ stage: Stage, _ probe: ServerProbe?) {
    time = stage.clock.now
    received = stage.received
    server = probe?.processorTime() ?? 0
    var spent = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent)
    process = Nanoseconds(spent.tv_sec) * .perSecond + Nanoseconds(spent.tv_nsec)
  }
}
