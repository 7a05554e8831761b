// HubbubServer
