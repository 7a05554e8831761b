/// Names one reader, which is one connection, for the whole life of the server; never given twice.
/// 0 is nobody.
public typealias ReaderID = UInt64
