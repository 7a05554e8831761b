import HubbubLog

/// Names one person's connection for the whole life of the server; never given twice. 0 is nobody.
public typealias MemberID = ReaderID
