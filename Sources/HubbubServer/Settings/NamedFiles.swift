import HubbubSockets
import Logging

/// What is wrong with the files that settings name: the certificate, its key, the bans, the key of
/// the cloaks. Waits for the disk.
enum NamedFiles {
  /// All of it, whether or not the settings can be used otherwise.
  ///
  /// - Parameter source: where the settings come from.
  static func problems(in settings: ServerSettings, from source: String) -> [SettingsProblem] {
    let configuration = settings.configuration
    let inTLS = configuration.tls.map(problems) ?? []
    return inTLS.map { settings.problem($0, in: source) }
      + (configuration.banFile.map { problems(in: BanFile(path: $0), settings, source) } ?? [])
      + problemsOfCloaks(settings, source)
  }

  private static func problemsOfCloaks(
    _ settings: ServerSettings, _ source: String
  ) -> [SettingsProblem] {
    let silence = Logger(label: "hubbub") { _ in SwiftLogNoOpLogHandler() }
    do throws(SettingsError) {
      _ = try Cloaks.make(settings, in: source, isTrial: true, silence)
      return []
    } catch {
      return error.problems
    }
  }

  private static func problems(in tls: TLSSettings) -> [TLSError] {
    guard tls.identity == nil else { return [] }
    let unreadable = Set([tls.certificateFile, tls.keyFile]).compactMap { file -> TLSError? in
      do throws(FileError) {
        _ = try SmallFile.read(file)
        return nil
      } catch {
        return .unreadable(file: file, reason: error.reason)
      }
    }
    guard unreadable.isEmpty else { return unreadable.sorted { "\($0)" < "\($1)" } }
    do throws(TLSError) {
      _ = try CurrentCertificate(tls)
      return []
    } catch {
      return [error]
    }
  }

  private static func problems(
    in file: BanFile, _ settings: ServerSettings, _ source: String
  ) -> [SettingsProblem] {
    var problems: [SettingsProblem] = []
    do throws(SettingsError) { _ = try file.read() } catch { problems = error.problems }
    if let obstacle = file.obstacle {
      problems.append(settings.places.problem(obstacle, about: "ban-file", in: source))
    }
    return problems
  }
}
