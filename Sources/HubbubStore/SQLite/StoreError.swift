import CSQLite

/// What went wrong with a file of the store. People read `description`.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What can be done about it.
  public enum Kind: Sendable, Equatable {
    /// The disk is full: it is worth trying again.
    case full

    /// The file, or the disk it is on, cannot be written to.
    case readOnly

    /// The file cannot be opened.
    case unavailable

    /// The disk does not do what it is told.
    case io

    /// The file holds what SQLite never wrote.
    case corrupt

    /// Somebody else uses it, or all who could have answered are busy.
    case busy

    /// It took longer than it may.
    case timeout

    /// A newer program wrote the file.
    case newerFile

    /// The file belongs to another program.
    case foreignFile

    /// A row that must not be.
    case constraint

    /// We erred.
    case other
  }

  public let kind: Kind

  /// SQLite's extended result code; 0 where the error is none of SQLite's.
  public let code: Int32

  /// One sentence, or part of one, without a full stop.
  public let description: String

  public init(_ kind: Kind, code: Int32 = 0, _ description: String) {
    self.kind = kind
    self.code = code
    self.description = description
  }

  /// Whether it may pass by itself: nothing is wrong with what was to be written.
  public var isOfTheDisk: Bool {
    switch kind {
    case .full, .readOnly, .unavailable, .io, .busy, .timeout: true
    case .corrupt, .newerFile, .foreignFile, .constraint, .other: false
    }
  }

  /// - Parameters:
  ///   - code: an extended result code.
  ///   - message: SQLite's own words.
  ///   - file: the name of the file.
  init(code: Int32, message: String, file: String) {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    self.init(Self.kind(code), code: code, "\(name): \(message)")
  }

  private static func kind(_ code: Int32) -> Kind {
    switch code & 0xFF {
    case SQLITE_FULL: .full
    case SQLITE_READONLY: .readOnly
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .unavailable
    case SQLITE_IOERR, SQLITE_NOMEM, SQLITE_PROTOCOL: .io
    case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    case SQLITE_INTERRUPT: .timeout
    case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG: .constraint
    default: .other
    }
  }
}
