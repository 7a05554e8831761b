import Testing

@testable import IRCWire
