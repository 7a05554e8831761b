import FoundationEssentials

/// Accounts and rooms of another server, in the form in which Ergo imports them: its tools write it
/// from the databases of Anope and Atheme, too.
struct AccountExport: Decodable {
  struct User: Decodable {
    let name: String

    /// As crypt(5) has it, or in a form of its own, which is of no use here.
    let hash: String?
    let additionalNicks: [String]?
    let certfps: [String]?

    /// Seconds since 1970.
    let registeredAt: Int64?
  }

  struct Room: Decodable {
    let name: String
    let founder: String
    let topic: String?
    let topicSetBy: String?
    let topicSetAt: Int64?
    let modes: String?
    let key: String?
    let limit: Int?

    /// The letter of each account's standing: `q`, `a`, `o`, `h` or `v`.
    let amode: [String: String]?
    let registeredAt: Int64?
  }

  let users: [String: User]
  let channels: [String: Room]?

  /// - Throws: `Failure`, in words.
  static func read(_ path: String) throws(AccountAdministration.Failure) -> AccountExport {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw AccountAdministration.Failure(description: "\(path) cannot be read")
    }
    do { return try JSONDecoder().decode(Self.self, from: data) } catch {
      throw AccountAdministration.Failure(
        description: "\(path) is no export of accounts as Ergo reads it: \(error)")
    }
  }
}
