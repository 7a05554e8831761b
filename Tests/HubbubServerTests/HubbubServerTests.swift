import Testing

@testable import HubbubServer
