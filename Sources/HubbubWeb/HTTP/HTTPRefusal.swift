/// Why a request is not carried out: a status, and a sentence for whoever reads the answer.
public struct HTTPRefusal: Error, Sendable, Equatable {
  public let status: HTTPStatus

  /// A full sentence, of our own words alone: nothing that the request said is repeated in it.
  public let sentence: String

  public init(_ status: HTTPStatus, _ sentence: String) {
    self.status = status
    self.sentence = sentence
  }

  static func bad(_ sentence: String) -> HTTPRefusal { HTTPRefusal(.badRequest, sentence) }
}
