// HubbubSockets
