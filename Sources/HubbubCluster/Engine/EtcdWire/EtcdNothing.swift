/// An answer of which nothing matters but that it came.
struct EtcdNothing: Decodable {}
