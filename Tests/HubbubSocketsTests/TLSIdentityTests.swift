import Glibc
import TestSupport
import Testing

@testable import HubbubSockets

/// Certificates and keys in files.
@Suite("TLSIdentity") struct TLSIdentityTests {
  private let directory = TemporaryDirectory()

  private func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let path = "\(directory.path)/\(name)"
    try SmallFile.replace(path, with: bytes)
    return path
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test("what is made is made once, for its owner's eyes alone, and used again")
  func files() throws {
    let folder = "\(directory.path)/share/hubbub"
    let made = try SelfSignedFiles.prepare(in: folder, names: ["localhost"])
    #expect(made.isNew)
    #expect(mode(folder) == 0o700)
    #expect(mode(made.keyFile) == 0o600)
    let again = try SelfSignedFiles.prepare(in: folder, names: ["other"])
    #expect(!again.isNew)
    #expect(again.fingerprint == made.fingerprint)
  }

  @Test("a link that lies in the way of what is made is not written through")
  func link() throws {
    let victim = "\(directory.path)/victim"
    try SmallFile.replace(victim, with: Array("as it was".utf8))
    for name in ["key.pem.new", "certificate.pem.new"] {
      #expect(symlink("victim", "\(directory.path)/\(name)") == 0)
    }
    let made = try SelfSignedFiles.prepare(in: directory.path, names: ["localhost"])
    #expect(made.isNew)
    #expect(try SmallFile.read(victim) == Array("as it was".utf8))
  }

  @Test("what cannot be used is said and never overwritten")
  func neverOverwritten() throws {
    let made = try SelfSignedFiles.prepare(in: directory.path, names: ["localhost"])
    let key = try PEMFile.read(made.keyFile)
    unlink(made.certificateFile)
    #expect(
      throws: TLSError.unreadable(file: made.certificateFile, reason: "No such file or directory")
    ) {
      try SelfSignedFiles.prepare(in: directory.path, names: ["localhost"])
    }
    #expect(try PEMFile.read(made.keyFile) == key)
    #expect(throws: TLSError.cannotKeep(file: "/proc/hubbub", reason: "No such file or directory"))
    {
      try SelfSignedFiles.prepare(in: "/proc/hubbub", names: [])
    }
  }

  @Test("the data directory is where XDG says, and under HOME otherwise")
  func dataDirectory() {
    func directory(_ variables: [String: String]) -> String? {
      SelfSignedFiles.defaultDirectory { variables[$0] }
    }
    #expect(directory(["XDG_DATA_HOME": "/data", "HOME": "/h"]) == "/data/hubbub")
    #expect(directory(["XDG_DATA_HOME": "data", "HOME": "/h"]) == "/h/.local/share/hubbub")
    #expect(directory(["HOME": ""]) == nil)
  }

  @Test("a file that is wrong is named, with what is wrong about it")
  func wrongFiles() throws {
    let (one, other) = (
      try TLSIdentity.selfSigned(names: ["a"]), try TLSIdentity.selfSigned(names: ["b"])
    )
    let certificate = try write(one.certificates, "certificate")
    let key = try write(one.key, "key")
    let otherKey = try write(other.key, "other")
    let nonsense = try write(Array("nonsense".utf8), "nonsense")
    let missing = "\(directory.path)/missing"
    #expect(
      try TLSIdentity(certificateFile: certificate, keyFile: key).fingerprint == one.fingerprint)
    #expect(throws: TLSError.unreadable(file: missing, reason: "No such file or directory")) {
      try TLSIdentity(certificateFile: missing, keyFile: key)
    }
    #expect(throws: TLSError.noCertificate(file: nonsense)) {
      try TLSIdentity(certificateFile: nonsense, keyFile: key)
    }
    #expect(throws: TLSError.noKey(file: nonsense)) {
      try TLSIdentity(certificateFile: certificate, keyFile: nonsense)
    }
    #expect(throws: TLSError.keyOfAnother(reason: "key values mismatch")) {
      try TLSIdentity(certificateFile: certificate, keyFile: otherKey)
    }
    #expect(throws: TLSError.noCertificate(file: nonsense)) {
      try TLSContext(client: .authorities(file: nonsense))
    }
  }

  @Test("names that could mean something else in a certificate are left out")
  func unsafeNames() throws {
    let identity = try TLSIdentity.selfSigned(
      names: ["good.example", "a,DNS:evil.example", "", "ümlaut", "::1"])
    let error = #expect(throws: TLSError.self) {
      let directory = TemporaryDirectory()
      let file = "\(directory.path)/authority.pem"
      try SmallFile.replace(file, with: identity.certificates)
      _ = try SecureMeeting(
        server: TLSContext(server: identity), client: TLSContext(client: .authorities(file: file)),
        host: "evil.example")
    }
    #expect(error == .wrongHost(host: "evil.example", names: ["good.example", "::1"]))
  }
}
