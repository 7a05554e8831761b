/// Forgets what came before a revision.
struct EtcdCompaction: Encodable {
  let revision: String

  init(to revision: Int64) { self.revision = String(revision) }
}
