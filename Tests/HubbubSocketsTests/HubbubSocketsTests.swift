import Testing

@testable import HubbubSockets
