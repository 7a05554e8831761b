import Foundation

/// The outcome as JSON: one object, the fields of `Outcome` by their names.
///
/// `format` is its version. Times named `…Seconds` or `second` are seconds, `…Milliseconds` are
/// milliseconds; all other latencies are microseconds, memory is KiB.
public struct JSONReport {
  public let bytes: [UInt8]

  /// - Throws: `EncodingError`, for a figure that is no number.
  public init(_ outcome: Outcome) throws { bytes = try Self.encode(outcome) }

  /// Several runs of one plan, and what they came to in all: the fields of `Series`.
  ///
  /// - Throws: `EncodingError`.
  public init(_ series: Series) throws { bytes = try Self.encode(series) }

  /// - Throws: `EncodingError`.
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return Array(try encoder.encode(value)) + [10]
  }

  /// Reads an outcome back.
  ///
  /// - Throws: `DecodingError`, or `OtherVersion`.
  public static func read(_ bytes: [UInt8]) throws -> Outcome {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    // The version first: another one may lack fields that this one needs.
    let version = try decoder.decode(Version.self, from: Data(bytes))
    guard version.format == Outcome.formatVersion else {
      throw OtherVersion(found: version.format)
    }
    return try decoder.decode(Outcome.self, from: Data(bytes))
  }

  /// Reads the runs of a file back: one, or those of a series.
  ///
  /// - Throws: `DecodingError`, or `OtherVersion`.
  public static func readRuns(_ bytes: [UInt8]) throws -> [Outcome] {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let kind = try? decoder.decode(SeriesVersions.self, from: Data(bytes)) else {
      return [try read(bytes)]
    }
    for run in kind.runs where run.format != Outcome.formatVersion {
      throw OtherVersion(found: run.format)
    }
    return try decoder.decode(Series.self, from: Data(bytes)).runs
  }

  private struct Version: Decodable {
    let format: Int
  }

  private struct SeriesVersions: Decodable {
    let series: Int
    let runs: [Version]
  }

  /// The file was written by another version of the swarm.
  public struct OtherVersion: Error, CustomStringConvertible {
    let found: Int

    public var description: String {
      "The file has format \(found); this version reads \(Outcome.formatVersion)."
    }
  }
}
