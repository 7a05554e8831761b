import HubbubRooms
import HubbubSockets
import HubbubThreads
import Logging

/// Reads the settings again and puts in force what can be changed without dropping anyone.
///
/// Any thread; two reloads run one after the other. Nothing is changed by settings that are broken
/// (fault O2). They are read on a thread of their own: a disk that hangs holds neither chat nor the
/// stop.
final class SettingsReload: Sendable {
  /// What came of it.
  enum Outcome: Sendable, Equatable {
    /// By the names of the options.
    case done(changed: [String], needingRestart: [String])

    /// The old settings are still in force, all of them.
    case failed([SettingsProblem])

    /// They are still being read after so long, and are put in force when they have been.
    case late(Duration)
  }

  private let source: (any SettingsSource)?

  /// Reads them. `Server` starts and finishes it.
  let reading = ErrandThread(name: "settings")

  /// Guards the settings that are in force. Nothing else is locked under it.
  private let inForce: Monitor<ServerSettings>

  /// - Parameter source: where to read again; nil where the settings came from nowhere.
  init(_ settings: ServerSettings, from source: (any SettingsSource)?) {
    self.source = source
    inForce = Monitor(settings)
  }

  /// The settings that are in force.
  var current: ServerSettings { inForce.withLock { $0 } }

  /// What is read again, for people.
  var name: String { source?.name ?? "no settings file" }

  /// Waits for the disk, and for a reload that is under way, up to `limits.disk`.
  func run(on hub: Hub) -> Outcome {
    let limit = hub.limits.disk
    let outcome = reading.run(upTo: limit) {
      let outcome = self.reload(hub)
      self.log(outcome, hub.logger)
      return outcome
    }
    if let outcome { return outcome }
    // The end of the server is no disk that hangs.
    if !reading.isReleased { log(.late(limit), hub.logger) }
    return .late(limit)
  }

  private func reload(_ hub: Hub) -> Outcome {
    let old = inForce.withLock { $0 }
    do throws(SettingsError) {
      let read = try source?.read() ?? old
      let (new, outcome) = Self.combine(old, read)
      // First what may fail, so that a broken certificate leaves everything as it was.
      do throws(TLSError) { try hub.reloadTLS() } catch {
        throw SettingsError([read.problem(error, in: name)])
      }
      hub.current.replace(with: new.configuration)
      if new.configuration.rooms != old.configuration.rooms {
        hub.registry.establish(new.configuration.rooms.map(RoomCharter.init), now: .now)
      }
      if new.configuration.history != old.configuration.history {
        hub.history?.apply(new.configuration.history)
      }
      if new.configuration.tokens != old.configuration.tokens {
        hub.hooks.keep(new.configuration.tokens, hub)
      }
      inForce.withLock { $0 = new }
      if old.configuration.password != nil, new.configuration.password == nil {
        hub.logger.warning("the server has no password any more", metadata: ["from": "\(name)"])
      }
      for note in new.notes { hub.logger.warning("settings", metadata: ["note": "\(note)"]) }
      return outcome
    } catch {
      let more = error.rest.map { NamedFiles.problems(in: $0, from: name) } ?? []
      return .failed(error.problems + more)
    }
  }

  /// What is to be in force: the new values, but the old ones of what needs a restart.
  static func combine(
    _ old: ServerSettings, _ read: ServerSettings
  ) -> (ServerSettings, Outcome) {
    var new = read
    var changed: [String] = []
    var needingRestart: [String] = []
    for key in ServerSettings.table.keys where !key.isSame(old, read) {
      // What all nodes of a network must have alike none of them changes alone.
      let isShared =
        !old.configuration.cluster.engine.isEmpty
        && ServerSettings.clusterTerms.contains(key.name)
      if key.change == .afterRestart || isShared {
        key.copy(old, &new)
        needingRestart.append(key.name)
      } else {
        changed.append(key.name)
      }
    }
    return (new, .done(changed: changed, needingRestart: needingRestart))
  }

  private func log(_ outcome: Outcome, _ logger: Logger) {
    switch outcome {
    case .done(let changed, let needingRestart):
      logger.notice(
        "settings reloaded",
        metadata: [
          "from": "\(name)", "changed": "\(changed.joined(separator: ","))",
          "needRestart": "\(needingRestart.joined(separator: ","))",
        ])
    case .failed(let problems):
      for problem in problems {
        logger.error("settings not reloaded", metadata: ["problem": "\(problem)"])
      }
    case .late:
      logger.error(
        "settings not reloaded yet", metadata: ["from": "\(name)", "problem": "still being read"])
    }
  }
}

extension SettingsReload.Outcome {
  /// Sentences for the operator who asked for it.
  var sentences: [String] {
    switch self {
    case .late(let limit):
      return [
        "The settings are still being read after \(Quantity.duration(limit)), "
          + "as from a disk that hangs. The old ones stay in force until they have been; the log "
          + "says when."
      ]
    case .failed(let problems):
      return problems.map(\.description) + [
        "The settings were not read; the old ones stay in force."
      ]
    case .done(let changed, let needingRestart):
      var sentences = [
        changed.isEmpty
          ? "Nothing has changed that can change while the server runs."
          : "Changed: \(changed.joined(separator: ", "))."
      ]
      if !needingRestart.isEmpty {
        let names = needingRestart.joined(separator: ", ")
        sentences.append("Changed in the file, and in force after a restart: \(names).")
      }
      return sentences
    }
  }
}
