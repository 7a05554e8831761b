import HubbubDial

extension Registration.Welcome {
  /// Hubbub reads a fast talker more slowly; others throw them out ("Excess Flood").
  var isFromHubbub: Bool {
    messages.contains { message in
      message.command == "004"
        && message.parameters.contains { $0.lowercased().hasPrefix("hubbub") }
    }
  }
}
