import HubbubThreads

extension Bot {
  /// Asks the server what it remembers of the room, once the run is over.
  ///
  /// The bot does not listen any more, so that the connection is the historian's alone.
  func askForHistory() -> Testimony.History? {
    let heard = testimony.arrivals.ids.count
    guard let historian, testimony.ending == nil, stage.beginning != nil, heard > 0 else {
      return nil
    }
    let stage = stage
    do {
      let ids = try historian.recall(heard) { Self.message($0, of: stage) }
      return .init(ids: ids, failure: nil)
    } catch {
      return .init(ids: [], failure: "\(error)")
    }
  }

  /// Which message of the run `text` is; nil where it is none.
  static func message(_ text: String, of stage: Stage) -> UInt32? {
    let bytes = Array(text.utf8)
    guard bytes.count >= Payload.leastBytes,
      let (sender, number) = bytes.withUnsafeBytes({
        Payload.names(run: stage.run, at: $0.baseAddress!)
      }),
      sender < stage.ids.senders, (1...stage.ids.largestNumber).contains(number)
    else { return nil }
    return stage.ids.id(sender: sender, number: number)
  }
}
