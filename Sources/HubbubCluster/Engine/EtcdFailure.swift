/// Why one server did not do what was asked, and what may help.
struct EtcdFailure: Error {
  let error: EngineError
  let remedy: Remedy

  /// What the server itself said, where it did.
  let fault: EtcdFault?

  enum Remedy {
    case none

    /// To exchange the password for a token once more.
    case newToken

    /// To ask another server.
    case nextServer
  }

  init(_ error: EngineError, remedy: Remedy = .none) {
    (self.error, self.remedy, fault) = (error, remedy, nil)
  }

  /// - Parameter address: of the server, for people.
  init(_ fault: EtcdFault, at address: String) {
    self.fault = fault
    let words = "\(address): \(fault.reason)"
    if fault.isAboutToken {
      (error, remedy) = (.refused(words), .newToken)
    } else if fault.isPassing {
      (error, remedy) = (.away(words), .nextServer)
    } else {
      (error, remedy) = (.refused(words), .none)
    }
  }
}
