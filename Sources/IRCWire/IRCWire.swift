// IRCWire
