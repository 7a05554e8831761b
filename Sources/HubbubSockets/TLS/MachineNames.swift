import Glibc

/// What this machine is called, and under which addresses it is reached.
public enum MachineNames {
  /// `localhost`, the machine's name alone and for multicast DNS (`.local`), and every address of
  /// its interfaces.
  public static var all: [String] {
    var names = ["localhost"]
    if let host = hostName {
      names.append(host)
      if !host.contains(".") { names.append("\(host).local") }
    }
    for name in ["127.0.0.1", "::1"] + addresses where !names.contains(name) { names.append(name) }
    return names
  }

  /// The machine's name; nil where it has none but `localhost`.
  public static var hostName: String? {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let name = String(decoding: bytes, as: UTF8.self).lowercased()
    return name.isEmpty || name == "localhost" ? nil : name
  }

  /// The addresses of its interfaces in numbers, without those of one link alone (`fe80::`), which
  /// mean something else on each machine.
  public static var addresses: [String] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return [] }
    defer { freeifaddrs(list) }
    var addresses: [String] = []
    for entry in sequence(first: list!, next: { $0.pointee.ifa_next }) {
      guard let address = entry.pointee.ifa_addr else { continue }
      let family = Int32(address.pointee.sa_family)
      guard family == AF_INET || family == AF_INET6 else { continue }
      let size =
        family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
      var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      guard
        getnameinfo(
          address, socklen_t(size), &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0
      else { continue }
      let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let text = String(decoding: bytes, as: UTF8.self)
      if !text.hasPrefix("fe80:"), !addresses.contains(text) { addresses.append(text) }
    }
    return addresses
  }
}
