import Testing

@testable import HubbubThreads
