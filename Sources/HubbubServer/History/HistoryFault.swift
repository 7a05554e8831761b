/// Why a question for what was said before is not answered.
struct HistoryFault: Error, Equatable {
  let code: String
  let context: [String]
  let words: String

  init(_ code: String, _ context: [String], _ words: String) {
    (self.code, self.context, self.words) = (code, context, words)
  }
}
