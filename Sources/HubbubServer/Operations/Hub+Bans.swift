extension Hub {
  /// Has the bans written to their file, if they have changed, and waits for it up to
  /// `limits.disk`. Any thread.
  ///
  /// - Returns: why they were not written.
  func saveBans() -> String? {
    let reason = banWriting.run(upTo: limits.disk) { [bans, logger] () -> String? in
      var reason: String?
      // While a disk hung, others may have given up waiting to save theirs.
      repeat { reason = bans.save(logger) } while reason == nil && !bans.isSaved
      return reason
    }
    if let reason { return reason }
    // Those who stop the server have them saved once more.
    if !banWriting.isReleased {
      logger.critical("bans not saved yet", metadata: ["reason": "the disk takes its time"])
    }
    return "the disk takes its time; they are written when it is back"
  }
}
