import Testing

@testable import HubbubRooms
