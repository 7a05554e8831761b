/// Asks for a token in exchange for a password.
struct EtcdLogin: Encodable {
  let name: String
  let password: String

  struct Answer: Decodable {
    let token: String
  }
}
