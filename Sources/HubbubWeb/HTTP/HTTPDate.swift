import Glibc

/// A moment as HTTP writes it, `Sun, 29 Nov 2026 21:28:15 GMT` (RFC 9110 section 5.6.7).
public enum HTTPDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// - Parameter seconds: since 1970, without leap seconds; not before it.
  public static func text(seconds: Int64) -> String {
    var moment = time_t(seconds)
    var parts = tm()
    gmtime_r(&moment, &parts)
    let day = days[Int((seconds / 86_400) % 7)]
    let (date, year) = (twoDigits(parts.tm_mday), parts.tm_year + 1900)
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits).joined(separator: ":")
    return "\(day), \(date) \(months[Int(parts.tm_mon)]) \(year) \(clock) GMT"
  }

  private static func twoDigits(_ number: Int32) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
