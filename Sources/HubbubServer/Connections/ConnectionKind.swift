import Synchronization

/// What a connection has shown itself to be. Any thread may call any method.
final class ConnectionKind: Sendable {
  /// Whether nothing has come yet, and no greeting has gone. Relaxed: a greeting that crosses the
  /// first line does no harm.
  private let isSilent: Atomic<Bool>

  /// Whether a person with a bare terminal is there. Relaxed: it is set long before the clock asks.
  private let hasTerminal = Atomic<Bool>(false)

  /// - Parameter hasBegun: whether the first line may come. Else a proxy has something to say
  ///   before, and is not to be greeted.
  init(hasBegun: Bool) { isSilent = Atomic(hasBegun) }

  var isTerminal: Bool { hasTerminal.load(ordering: .relaxed) }

  /// From now on the first line may come.
  func didBegin() { isSilent.store(true, ordering: .relaxed) }

  func recordSpeech() { isSilent.store(false, ordering: .relaxed) }

  func note(isTerminal: Bool) { hasTerminal.store(isTerminal, ordering: .relaxed) }

  /// Whether it is to be greeted: true once at the most.
  func takeGreeting() -> Bool { isSilent.exchange(false, ordering: .relaxed) }
}
