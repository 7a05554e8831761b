import ArgumentParser
import HubbubServer

/// The limits that can be set by flag; all of them can be in the settings file.
struct LimitOptions: ParsableArguments, Sendable {
  @Option(help: "Connections in all.")
  var maxClients: Int?

  @Option(help: "Connections from one address; loopback is not limited.")
  var maxPerAddress: Int?

  @Option(help: "Members of one room.")
  var maxMembers: Int?

  @Option(help: "Rooms that one client may be in.")
  var maxRooms: Int?

  @Option(help: "KiB that may wait for a client that reads too slowly, before it is ended.")
  var maxLag: Int?

  @Option(help: "Seconds to register in.")
  var registrationTime: Int?

  /// Puts what was given in the place of what the file says.
  func apply(to limits: inout Limits) {
    if let maxClients { limits.clients = maxClients }
    if let maxPerAddress { limits.clientsPerAddress = maxPerAddress }
    if let maxMembers { limits.membersPerRoom = maxMembers }
    if let maxRooms { limits.roomsPerClient = maxRooms }
    if let maxLag { limits.sendLagBytes = maxLag * 1024 }
    if let registrationTime { limits.registration = .seconds(registrationTime) }
  }

  func validate() throws {
    let values = [maxClients, maxPerAddress, maxMembers, maxRooms, maxLag, registrationTime]
    guard values.compactMap(\.self).allSatisfy({ (1...1_000_000_000).contains($0) }) else {
      throw ValidationError("A limit must be a number above 0.")
    }
  }
}
