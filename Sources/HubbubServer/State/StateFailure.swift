import HubbubStore

/// Why a file in the folder of what outlives the server cannot be used.
struct StateFailure: Error, CustomStringConvertible {
  /// One sentence, or part of one, without a full stop.
  let description: String

  /// Whether another folder would do: nothing is wrong with what is in this one.
  let isOfFolder: Bool
}

extension StateFailure {
  /// What opening a file has met.
  init(_ error: any Error, of path: String) {
    if let error = error as? StoreError {
      self.init(description: "\(error)", isOfFolder: error.isOfTheDisk)
    } else {
      self.init(description: "'\(path)' cannot be opened: \(error)", isOfFolder: true)
    }
  }
}
