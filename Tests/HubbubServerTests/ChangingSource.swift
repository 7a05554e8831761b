import HubbubThreads

@testable import HubbubServer

/// Settings that a test changes.
final class ChangingSource: SettingsSource {
  let name = "hubbub.yaml"
  private let text: Monitor<String>

  init(_ text: String) { self.text = Monitor(text) }

  func change(_ text: String) { self.text.withLock { $0 = text } }

  func read() throws(SettingsError) -> ServerSettings {
    try SettingsFile.parse(text.withLock { $0 }, file: name)
  }
}
