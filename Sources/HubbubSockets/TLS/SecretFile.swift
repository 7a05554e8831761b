import COpenSSL
import Glibc
import HubbubThreads

/// A secret that is made once and kept in a file for its owner alone.
public enum SecretFile {
  /// Random bytes that nobody can guess.
  public static func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    precondition(RAND_bytes(&bytes, Int32(count)) == 1, "OpenSSL has no random bytes.")
    return bytes
  }

  /// Makes the file with 64 random hexadecimal digits, whole or not at all (0600). Waits for the
  /// disk.
  ///
  /// What is there already stays as it is, also where another process is the first meanwhile.
  public static func make(_ path: String) throws(FileError) {
    let digits = Array("0123456789abcdef".utf8)
    let text = randomBytes(32).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    try SmallFile.make(path, holding: text + [0x0A])
  }

  /// Makes a directory for its owner alone (0700), with those above it that are missing. Where that
  /// fails, the first file in it says so.
  public static func makeDirectory(_ directory: String) {
    for (index, character) in directory.enumerated().dropFirst() where character == "/" {
      mkdir(String(directory.prefix(index)), 0o700)
    }
    mkdir(directory, 0o700)
  }
}
