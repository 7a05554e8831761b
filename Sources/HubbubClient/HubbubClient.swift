// HubbubClient
