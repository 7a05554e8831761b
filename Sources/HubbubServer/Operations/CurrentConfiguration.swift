import HubbubThreads
import Synchronization

/// The settings that are in force: those the server was started with, or the last that were loaded
/// since.
///
/// Any thread reads them without a lock. What a reader holds stays as it is: a reload puts another
/// snapshot in its place.
final class CurrentConfiguration: Sendable {
  private final class Snapshot: Sendable {
    let configuration: Configuration
    let classes: ClientClasses
    let trusted: TrustedPeers

    init(_ configuration: Configuration) {
      self.configuration = configuration
      classes = ClientClasses(configuration.classes)
      trusted = TrustedPeers(configuration)
    }
  }

  /// Stored with release when the snapshot is whole, loaded with acquire by readers.
  private let current: Atomic<Unmanaged<Snapshot>>

  /// Counts the reloads, so that who keeps something of the settings knows when to look again.
  /// Stored with release after `current`, loaded with acquire: whoever sees a count sees the
  /// settings that it counts.
  private let reloads = Atomic<Int>(0)

  /// Every snapshot so far, kept because a reader may still look at an old one: a few kilobytes a
  /// reload. Nothing else is locked under it.
  private let all: Monitor<[Snapshot]>

  init(_ configuration: Configuration) {
    let first = Snapshot(configuration)
    current = Atomic(Unmanaged.passUnretained(first))
    all = Monitor([first])
  }

  /// The settings as of now. Any thread.
  var value: Configuration {
    current.load(ordering: .acquiring)._withUnsafeGuaranteedRef { $0.configuration }
  }

  /// Only the limits, which are looked at for each message.
  var limits: Limits {
    current.load(ordering: .acquiring)._withUnsafeGuaranteedRef { $0.configuration.limits }
  }

  /// How often the settings were replaced. Any thread.
  var version: Int { reloads.load(ordering: .acquiring) }

  /// Who is limited in another way than all others.
  var classes: ClientClasses {
    current.load(ordering: .acquiring)._withUnsafeGuaranteedRef { $0.classes }
  }

  /// Through whom others come.
  var trusted: TrustedPeers {
    current.load(ordering: .acquiring)._withUnsafeGuaranteedRef { $0.trusted }
  }

  /// Puts other settings in force. Any thread.
  func replace(with configuration: Configuration) {
    let snapshot = Snapshot(configuration)
    all.withLock { $0.append(snapshot) }
    current.store(Unmanaged.passUnretained(snapshot), ordering: .releasing)
    reloads.add(1, ordering: .releasing)
  }
}
