import HubbubRooms
import HubbubStore
import HubbubThreads

/// What people and rooms say of themselves: keys and values (IRCv3 draft/metadata). Any thread,
/// under no lock.
///
/// An account's and a registered room's are on the disk; a guest's, and another room's, last as
/// long as these.
final class MetadataBook: Sendable {
  /// Whom it is about.
  enum Subject: Hashable {
    case account(Int64)
    case guest(MemberID)
    case registeredRoom(Int64)

    /// By its life (`Room.epoch`).
    case room([UInt8])

    /// Under which it is on the disk; nil where it is not.
    var stored: String? {
      switch self {
      case .account(let id): MetadataEntry.Key.subject(ofAccount: id)
      case .registeredRoom(let number): MetadataEntry.Key.subject(ofRoom: number)
      case .guest, .room: nil
      }
    }
  }

  enum Fault: Error {
    case notSet
    case limit
    case store(AccountError)
  }

  /// What anybody may have of it.
  static let maxKeys = AccountLimits().metadataKeys
  static let maxSubscriptions = 50
  static let maxValueBytes = 300

  /// Guards what is not on the disk. Nothing else is locked under it.
  private let passing = Monitor<[Subject: [String: String]]>([:])

  func values(of subject: Subject, _ store: AccountStore?) -> [String: String] {
    if let stored = subject.stored { return store?.read { $0.metadata(of: stored) } ?? [:] }
    return passing.withLock { $0[subject] ?? [:] }
  }

  /// Sets a key, or takes it away (nil). May wait for the disk.
  func set(
    _ key: String, _ value: String?, of subject: Subject, _ store: AccountStore?
  ) throws(Fault) {
    if let stored = subject.stored, let store {
      do throws(AccountError) {
        try store.setMetadata(of: stored, key, value)
      } catch {
        switch error {
        case .noSuchEntry: throw .notSet
        case .limit: throw .limit
        default: throw .store(error)
        }
      }
      return
    }
    try passing.withLock { (passing) throws(Fault) in
      var values = passing[subject] ?? [:]
      if value == nil, values[key] == nil { throw .notSet }
      if value != nil, values[key] == nil, values.count >= Self.maxKeys { throw .limit }
      values[key] = value
      passing[subject] = values.isEmpty ? nil : values
    }
  }

  /// What was said under one name is said under another from now on, as of a guest who makes an
  /// account: what is there already holds. May wait for the disk; what that does not take is lost
  /// with the guest.
  func move(from old: Subject, to new: Subject, _ store: AccountStore?) {
    let values = passing.withLock { $0.removeValue(forKey: old) } ?? [:]
    let known = self.values(of: new, store)
    for (key, value) in values where known[key] == nil { try? set(key, value, of: new, store) }
  }

  /// Whoever it was about is gone.
  func forget(_ subject: Subject) { passing.withLock { $0[subject] = nil } }

  /// Forgets rooms that are no more. Now and then.
  func forgetRooms(except live: Set<[UInt8]>) {
    passing.withLock { passing in
      for case .room(let epoch) in passing.keys where !live.contains(epoch) {
        passing[.room(epoch)] = nil
      }
    }
  }

  /// Whether anything of a room may be there to be forgotten.
  var hasRooms: Bool {
    passing.withLock { $0.keys.contains { if case .room = $0 { true } else { false } } }
  }

  /// A key as it is kept: "Key names MUST be restricted to the ranges A-Z, a-z, 0-9, and _.:- and
  /// are case-insensitive. Key names MUST NOT start with a colon"; nil for what is none.
  static func key(_ text: String) -> String? {
    let isKey =
      !text.isEmpty && text.utf8.count <= 64 && text.utf8.first != UInt8(ascii: ":")
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "_.:-/".utf8.contains(byte)
        }
      }
    return isKey ? text.lowercased() : nil
  }
}
