import Glibc
import HubbubServer

/// The settings of `hubbub serve`: those of the file, if there is one, with the flags' in their
/// place.
struct FileAndFlags: SettingsSource {
  /// nil where there is no file.
  let path: String?
  let flags: ServeOptions

  /// - Parameter path: the file; without one, the first of the usual places where there is one.
  init(path: String?, flags: ServeOptions) {
    self.path = path ?? Self.usualPlaces.first { access($0, F_OK) == 0 }
    self.flags = flags
  }

  var name: String { path ?? "no settings file" }

  func read() throws(SettingsError) -> ServerSettings {
    var settings = ServerSettings()
    var problems: [SettingsProblem] = []
    do throws(SettingsError) {
      if let path { settings = try SettingsFile(path).read() }
    } catch {
      // What is wrong with the flags is said as well.
      guard let rest = error.rest else { throw error }
      (settings, problems) = (rest, error.problems)
    }
    let read = settings.configuration.tls
    do throws(SettingsError) { try flags.apply(to: &settings) } catch { problems += error.problems }
    if settings.configuration.tls != read { settings.overrule("tls") }
    if flags.state != nil { settings.overrule("state") }
    if settings.configuration.state == nil {
      settings.configuration.state = StateFolder.usual
      settings.configuration.isStateUsual = true
    }
    guard problems.isEmpty else { throw SettingsError(problems, settings) }
    return settings
  }

  /// Where a file is looked for when none was named.
  static var usualPlaces: [String] {
    var places = ["/etc/hubbub/hubbub.yaml"]
    func variable(_ name: String) -> String? {
      guard let value = getenv(name), value.pointee != 0 else { return nil }
      return String(cString: value)
    }
    if let folder = variable("XDG_CONFIG_HOME") ?? variable("HOME").map({ "\($0)/.config" }) {
      places.append("\(folder)/hubbub/hubbub.yaml")
    }
    return places
  }
}
