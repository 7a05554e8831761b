// HubbubRooms
