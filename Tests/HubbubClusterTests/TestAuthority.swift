import TestSupport

/// A certificate authority, and a server's certificate that it signed, made by openssl.
final class TestAuthority: Sendable {
  private let folder = TemporaryDirectory()

  var authorityFile: String { "\(folder.path)/ca.pem" }
  var certificate: String { "\(folder.path)/server.pem" }
  var key: String { "\(folder.path)/server.key" }

  init() throws {
    let script = """
      cd \(folder.path)
      elliptic='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
      openssl req -x509 $elliptic -keyout ca.key -out ca.pem -subj /CN=authority -days 2
      openssl req $elliptic -keyout server.key -out server.csr -subj /CN=server
      printf 'subjectAltName=IP:127.0.0.1' >extensions
      openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile extensions -out server.pem
      """
    _ = try Spawned(
      ["/bin/sh", "-ec", script], environment: ["PATH": Spawned.path],
      streams: .file(output: "\(folder.path)/openssl.log")
    ).wait()
  }
}
