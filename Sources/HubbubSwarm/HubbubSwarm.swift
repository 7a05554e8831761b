// HubbubSwarm
