import HubbubStore
import HubbubThreads
import Logging

/// What befalls the store, on its way into the log. Called by the store's writer.
// @unchecked: `onNewFile` is set before the server starts, and only read afterwards.
final class HistoryReports: @unchecked Sendable {
  private let logger: Logger

  /// What to do when the file was replaced. Must not wait.
  var onNewFile: @Sendable () -> Void = {}

  init(_ logger: Logger) { self.logger = logger }

  func report(_ report: HistoryWriter.Report) {
    switch report {
    case .failed(let error):
      logger.error("history cannot be stored; chat goes on", metadata: ["reason": "\(error)"])
    case .recovered(let lost):
      logger.notice("history is stored again", metadata: ["lost": "\(lost)"])
    case .slow(let took):
      logger.warning("the disk of the history is slow", metadata: ["commit": "\(took)"])
    case .replaced(let error, let place):
      logger.error(
        "history was broken, and begins anew", metadata: ["reason": "\(error)", "old": "\(place)"])
      onNewFile()
    case .refused(let count, let error):
      logger.error(
        "messages were refused by the history",
        metadata: ["count": "\(count)", "reason": "\(error.map { "\($0)" } ?? "their numbers")"])
    }
  }
}
