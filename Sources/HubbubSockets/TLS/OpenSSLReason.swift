import COpenSSL
import Glibc

/// What OpenSSL says went wrong.
enum OpenSSLReason {
  /// Takes the errors of this thread, and puts the first of them into words.
  static func take() -> String {
    let error = ERR_get_error()
    ERR_clear_error()
    return words(error)
  }

  static func words(_ error: UInt) -> String {
    // Errors of the operating system come as the number alone.
    guard error != 0, let text = ERR_reason_error_string(error) else { return "without a reason" }
    let words = String(cString: text)
    // "tlsv1 alert unknown ca" is what the other side said.
    guard let range = words.firstRange(of: " alert ") else { return words }
    return "the other side said “\(words[range.upperBound...])”"
  }
}
