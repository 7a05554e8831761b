/// What this server calls itself.
public enum Version {
  public static let text = "hubbub-0.1"
}
