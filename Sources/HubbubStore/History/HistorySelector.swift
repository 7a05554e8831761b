/// Which part of a stream's history is asked for, as `CHATHISTORY` names them.
public enum HistorySelector: Sendable, Equatable {
  /// A place in a stream.
  public enum Reference: Sendable, Equatable {
    /// By number, whether or not there is a message of it.
    case sequence(UInt64)

    /// By time, in milliseconds since 1970.
    case time(Int64)
  }

  /// The newest; after a reference, without it.
  case latest(after: Reference? = nil)

  /// The newest before a reference, without it.
  case before(Reference)

  /// The oldest after a reference, without it.
  case after(Reference)

  /// Half before a reference and half from it on. Where one side is short, the other has more.
  case around(Reference)

  /// Those between two, without both, beginning at the first that is named: the newest if that is
  /// the later one.
  case between(Reference, Reference)
}
