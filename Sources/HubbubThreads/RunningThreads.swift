import CLinux

/// The threads that `NamedThread` started and that still run. Any thread may call any method.
enum RunningThreads {
  /// One thread, from its first to its last line.
  // @unchecked: `holdings` is the thread's own; it is read under the lock that the thread must take
  // before it ends.
  struct Entry: @unchecked Sendable {
    /// Never given twice, unlike the system's number.
    let serial: UInt64
    let name: String

    /// The system's number of it.
    let id: Int32
    fileprivate let holdings: UnsafePointer<clinux_holdings>

    /// How often it has taken or given back such a thing: odd while it holds one.
    func turn(_ holding: Holding) -> UInt32 { clinux_turn(holdings, holding.rawValue) }
  }

  private struct State {
    var entries: [UInt64: Entry] = [:]
    var lastSerial: UInt64 = 0
  }

  /// Guards who is there. Nothing else is locked under it.
  private static let state = Monitor(State())

  /// The calling thread begins.
  ///
  /// - Returns: what to leave with.
  static func enter(_ name: String) -> UInt64 {
    clinux_allow_backtraces()
    let (id, holdings) = (clinux_thread_id(), clinux_own_holdings()!)
    return state.withLock { state in
      state.lastSerial += 1
      state.entries[state.lastSerial] = Entry(
        serial: state.lastSerial, name: name, id: id, holdings: holdings)
      return state.lastSerial
    }
  }

  /// The calling thread ends.
  static func leave(_ serial: UInt64) {
    state.withLock { _ = $0.entries.removeValue(forKey: serial) }
  }

  /// Looks at every thread, none of which can end meanwhile.
  static func visit(_ look: (Entry) -> Void) {
    state.withLock { state in
      for entry in state.entries.values { look(entry) }
    }
  }
}
