/// Where a settings file says what, for what is found to be wrong only when the settings are used.
///
/// All are equal: the same settings are the same wherever they stand.
struct SettingsPlaces: Sendable, Equatable {
  private var places: [String: SettingsProblem] = [:]

  /// What is not wrong, and should be known.
  var notes: [SettingsProblem] = []

  static func == (left: SettingsPlaces, right: SettingsPlaces) -> Bool { true }

  /// Remembers where the option called `name` stands.
  mutating func note(_ name: String, _ place: SettingsProblem) { places[name] = place }

  /// The option called `name` was said elsewhere, and is in force as it was said there.
  mutating func forget(_ name: String) { places[name] = nil }

  /// What is wrong with the option called `name`.
  ///
  /// - Parameter file: what to name where the file says nothing of it, as where a flag does.
  func problem(_ text: String, about name: String, in file: String) -> SettingsProblem {
    var problem = places[name] ?? SettingsProblem(file: file, text: "")
    problem.text = "\(name): \(text)"
    return problem
  }
}
