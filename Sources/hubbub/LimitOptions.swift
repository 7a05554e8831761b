import ArgumentParser
import HubbubServer

/// The limits that can be set by flag.
struct LimitOptions: ParsableArguments {
  @Option(help: "Connections in all.")
  var maxClients = Limits().clients

  @Option(help: "Connections from one address; loopback is not limited.")
  var maxPerAddress = Limits().clientsPerAddress

  @Option(help: "Members of one room.")
  var maxMembers = Limits().membersPerRoom

  @Option(help: "Rooms that one client may be in.")
  var maxRooms = Limits().roomsPerClient

  @Option(help: "KiB that may wait for a client that reads too slowly, before it is ended.")
  var maxLag = Limits().sendLagBytes / 1024

  @Option(help: "Seconds to register in.")
  var registrationTime = Int(Limits().registration.components.seconds)

  var limits: Limits {
    var limits = Limits()
    limits.clients = maxClients
    limits.clientsPerAddress = maxPerAddress
    limits.membersPerRoom = maxMembers
    limits.roomsPerClient = maxRooms
    limits.sendLagBytes = maxLag * 1024
    limits.registration = .seconds(registrationTime)
    return limits
  }

  func validate() throws {
    let values = [maxClients, maxPerAddress, maxMembers, maxRooms, maxLag, registrationTime]
    guard values.allSatisfy({ (1...1_000_000_000).contains($0) }) else {
      throw ValidationError("A limit must be a number above 0.")
    }
  }
}
