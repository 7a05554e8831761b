import Foundation

/// The outcome as JSON: one object, the fields of `Outcome` by their names.
///
/// `format` is its version. Times named `…Seconds` or `second` are seconds, `…Milliseconds` are
/// milliseconds; all other latencies are microseconds, memory is KiB.
public struct JSONReport {
  public let bytes: [UInt8]

  /// - Throws: `EncodingError`, for a figure that is no number.
  public init(_ outcome: Outcome) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    bytes = Array(try encoder.encode(outcome)) + [10]
  }

  /// Reads an outcome back.
  ///
  /// - Throws: `DecodingError`, or `OtherVersion`.
  public static func read(_ bytes: [UInt8]) throws -> Outcome {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let outcome = try decoder.decode(Outcome.self, from: Data(bytes))
    guard outcome.format == Outcome.formatVersion else { throw OtherVersion(found: outcome.format) }
    return outcome
  }

  /// The file was written by another version of the swarm.
  public struct OtherVersion: Error, CustomStringConvertible {
    let found: Int

    public var description: String {
      "The file has format \(found); this version reads \(Outcome.formatVersion)."
    }
  }
}
