/// Shows nothing: for programs that read the figures.
public struct NoView: RunView {
  public init() {}

  public mutating func show(_ progress: Progress) {}

  public mutating func clear() {}
}
