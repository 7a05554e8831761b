import Testing

@testable import HubbubDial
