/// Keys from one up to another, without that.
struct EtcdKeyRange: Sendable {
  let start: EtcdBytes
  let end: EtcdBytes

  init(from start: EtcdBytes, to end: EtcdBytes) { (self.start, self.end) = (start, end) }

  /// All keys that begin with this, whose last byte is not the highest there is.
  init(prefix: String) {
    var end = Array(prefix.utf8)
    end[end.count - 1] += 1
    (start, self.end) = (EtcdBytes(prefix), EtcdBytes(bytes: end))
  }
}
