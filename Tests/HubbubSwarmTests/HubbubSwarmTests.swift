import Testing

@testable import HubbubSwarm
