// HubbubDial
