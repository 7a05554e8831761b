/// Shows a run while it goes on.
public protocol RunView {
  /// Called a few times a second.
  mutating func show(_ progress: Progress)

  /// Takes the view off the screen before the verdict is printed.
  mutating func clear()
}
