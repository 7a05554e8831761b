import HubbubWeb

extension ClientTable.Refusal {
  /// As programs tell it apart.
  var word: String {
    switch self {
    case .stopping: "stopping"
    case .full: "full"
    case .banned: "banned"
    case .tooManyFromAddress: "address"
    case .tooManyFromNetwork: "network"
    case .tooFast: "too_fast"
    }
  }

  /// What a browser is told: whether it is of use to come again.
  var closeCode: CloseCode {
    switch self {
    case .banned: .policy
    case .stopping: .goingAway
    case .full, .tooManyFromAddress, .tooManyFromNetwork, .tooFast: .tryAgainLater
    }
  }
}
