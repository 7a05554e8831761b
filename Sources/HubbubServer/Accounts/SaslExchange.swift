import HubbubStore

/// How an account can be shown to be one's own, best last.
enum SaslMechanism: String, CaseIterable {
  case plain = "PLAIN"
  case scramSHA256 = "SCRAM-SHA-256"

  /// By the client's certificate, and so over TLS alone.
  case external = "EXTERNAL"
}

/// One exchange of `AUTHENTICATE` that has not come to its end. A value of its session's.
struct SaslExchange {
  /// Where an exchange of SCRAM stands.
  enum Scram {
    /// The client's first message is to come.
    case first

    /// Its proof is to come.
    case challenged(ScramServer, Name)

    /// It was right; the client has still to say that the server's was.
    case proven(Name)
  }

  /// Who wants to log in.
  struct Name {
    let login: SaslLogin

    /// nil where no account has the name, or none that SCRAM leads into.
    let account: Int64?

    /// What it is to be proven by; where that has changed meanwhile, nothing is.
    let keys: ScramKeys?

    /// Whether it is by a device's own password.
    let isOfDevice: Bool
  }

  let mechanism: SaslMechanism
  var pieces = SaslChunks()
  var scram = Scram.first
}
