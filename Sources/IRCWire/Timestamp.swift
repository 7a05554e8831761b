/// A moment in UTC, as the `server-time` capability writes it: `2026-11-22T21:28:15.042Z`.
public struct Timestamp: Sendable, Equatable, Comparable, CustomStringConvertible {
  /// Since 1970-01-01T00:00:00Z, without leap seconds.
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// Reads what `append(to:)` writes; the fraction may be missing or of any length. nil for
  /// anything else.
  ///
  /// A leap second is taken for the first one after it.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.last == 0x5A else { return nil }
    for (place, separator) in [(4, 0x2D), (7, 0x2D), (10, 0x54), (13, 0x3A), (16, 0x3A)]
    where bytes[place] != separator { return nil }
    guard let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
      let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
      let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
      let fraction = Self.fraction(bytes[19..<bytes.count - 1]),
      (1...12).contains(month), hour < 24, minute < 60, second <= 60
    else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    // There and back, a day that its month does not have becomes another one.
    guard Self.civil(days) == (year, month, day) else { return nil }
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    self.init(milliseconds: seconds * 1000 + fraction)
  }

  /// Appends the 24 bytes of `2026-11-22T21:28:15.042Z`.
  public func append(to line: inout [UInt8]) {
    let days = Self.floorDivide(milliseconds, 86_400_000)
    let rest = milliseconds - days * 86_400_000
    let (year, month, day) = Self.civil(days)
    // All at once: each of them alone would look whether there is room.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
      Self.write(year, digits: 4, behind: nil, at: 0, to: text)
      Self.write(month, digits: 2, behind: 0x2D, at: 4, to: text)
      Self.write(day, digits: 2, behind: 0x2D, at: 7, to: text)
      Self.write(rest / 3_600_000, digits: 2, behind: 0x54, at: 10, to: text)
      Self.write(rest / 60_000 % 60, digits: 2, behind: Ascii.colon, at: 13, to: text)
      Self.write(rest / 1000 % 60, digits: 2, behind: Ascii.colon, at: 16, to: text)
      Self.write(rest % 1000, digits: 3, behind: 0x2E, at: 19, to: text)
      text[23] = 0x5A
      line.append(contentsOf: text)
    }
  }

  public var description: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Digits and nothing else: `Int64` would take a sign too.
  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    guard digits.allSatisfy(Ascii.isDigit) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  /// The milliseconds of `.042`; 0 of nothing.
  private static func fraction(_ text: ArraySlice<UInt8>) -> Int64? {
    guard let point = text.first else { return 0 }
    let digits = text.dropFirst()
    guard point == 0x2E, !digits.isEmpty, digits.allSatisfy(Ascii.isDigit) else { return nil }
    return number(digits.prefix(3) + [0x30, 0x30].prefix(max(0, 3 - digits.count)))
  }

  /// Writes the last digits of a number behind a separator.
  private static func write(
    _ number: Int64, digits: Int, behind separator: UInt8?, at start: Int,
    to text: UnsafeMutableBufferPointer<UInt8>
  ) {
    let first = separator == nil ? start : start + 1
    if let separator { text[start] = separator }
    var rest = number
    for place in stride(from: first + digits - 1, through: first, by: -1) {
      text[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// Days since 1970-01-01 of a date, and back: years counted from March in eras of 400, after
  /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    number >= 0 ? number / divisor : (number - divisor + 1) / divisor
  }
}
