import Testing

@testable import HubbubClient
