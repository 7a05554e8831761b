import Glibc

/// The path of a program of this package: it stands beside the bundle of the tests.
public func builtProgram(_ name: String) -> String {
  var buffer = [CChar](repeating: 0, count: 4096)
  let count = readlink("/proc/self/exe", &buffer, buffer.count)
  let path = String(
    decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return path[..<(path.lastIndex(of: "/") ?? path.startIndex)] + "/" + name
}
