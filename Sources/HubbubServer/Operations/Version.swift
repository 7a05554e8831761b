/// What this server calls itself.
public enum Version {
  /// The only place where the number is written.
  public static let number = "0.9.0"

  /// What others are told, on the wire.
  public static let text = "hubbub-\(number)"
}
