import Glibc
import HubbubSockets
import HubbubThreads
import IRCWire
import Yams

/// Where server bans are kept over a restart: one YAML file, which only the server writes.
struct BanFile: Sendable {
  let path: String

  private struct Contents: Sendable, Equatable {
    var bans: [ServerBan] = []
  }

  private static let table = SettingsRecord(
    initial: Contents(),
    keys: [SettingsKey("bans", \.bans, .list(of: .serverBan), "The bans.")])

  /// The bans in the file; none where there is no file yet. Waits for the disk.
  func read() throws(SettingsError) -> [ServerBan] {
    let text: String
    do throws(FileError) {
      text = try TextFile.readStrictly(path)
    } catch {
      if error.isMissing { return [] }
      throw SettingsError([
        SettingsProblem(file: path, text: "the ban file cannot be read: \(error.reason)")
      ])
    }
    return try SettingsFile.parse(text, file: path, as: Self.table).bans
  }

  /// Why the file could not be written; nil where nothing stands in the way. Waits for the disk.
  var obstacle: String? {
    let folder = SmallFile.folder(of: path)
    guard access(folder, W_OK | X_OK) != 0 else { return nil }
    let reason = SystemError(call: "access", errno: errno).reason
    return "no files can be made in '\(folder)': \(reason)"
  }

  /// Puts these bans in the place of those in the file: all of them or none. Waits for the disk.
  func write(_ bans: [ServerBan]) throws {
    let node = Self.table.write(Contents(bans: bans))
    let text = "# Server bans. Written by the server; edit it only while no server runs.\n"
    try SmallFile.replace(path, with: Array((text + Yams.serialize(node: node, width: -1)).utf8))
  }
}

extension SettingsType where Value == ServerBan {
  fileprivate static let serverBan = record(
    SettingsRecord(
      initial: ServerBan(
        target: .network(AddressRange(IPAddress(bits: 0))), reason: "", setBy: "",
        setAt: Timestamp(milliseconds: 0)),
      keys: [
        SettingsKey("target", \.target, .banTarget, isRequired: true, "Who is banned."),
        SettingsKey("reason", \.reason, .text(upTo: 512), "Why."),
        SettingsKey("set-by", \.setBy, .text(upTo: 512), "By whom."),
        SettingsKey("set-at", \.setAt, .timestamp, "When."),
        SettingsKey("expires", \.expiresAt, .optional(.timestamp), "When it ends."),
      ]),
    "{target: MASK}")
}

extension SettingsType where Value == Timestamp {
  fileprivate static let timestamp = Self(
    scalar: "a time, as in 2026-11-22T21:28:15.042Z",
    parse: { Timestamp($0) }, write: { .quoted($0.description) })
}
