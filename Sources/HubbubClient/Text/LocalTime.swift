import Glibc
import IRCWire

/// A moment as a clock on the wall here shows it.
struct LocalTime: Equatable {
  private let parts: tm

  init(_ timestamp: Timestamp) {
    var seconds = time_t(timestamp.milliseconds / 1000)
    var parts = tm()
    localtime_r(&seconds, &parts)
    self.parts = parts
  }

  static func == (left: LocalTime, right: LocalTime) -> Bool {
    left.day == right.day && left.clock == right.clock
  }

  /// How a clock is read.
  enum Clock: String {
    case minutes, seconds, none
    case twelveHours = "12h"
  }

  /// `21:43`.
  var clock: String { "\(Self.twoDigits(parts.tm_hour)):\(Self.twoDigits(parts.tm_min))" }

  /// `21:43`, `21:43:07`, ` 9:43pm`, or nothing: the same width for every moment.
  func clock(_ kind: Clock) -> String {
    switch kind {
    case .minutes: return clock
    case .seconds: return "\(clock):\(Self.twoDigits(parts.tm_sec))"
    case .none: return ""
    case .twelveHours:
      let hour = (parts.tm_hour + 11) % 12 + 1
      let half = parts.tm_hour < 12 ? "am" : "pm"
      return "\(hour < 10 ? " " : "")\(hour):\(Self.twoDigits(parts.tm_min))\(half)"
    }
  }

  /// A number for the day: two moments of one day have the same.
  var day: Int { Int(parts.tm_year) * 366 + Int(parts.tm_yday) }

  /// `2026-11-22`.
  var numericDate: String {
    "\(parts.tm_year + 1900)-\(Self.twoDigits(parts.tm_mon + 1))-\(Self.twoDigits(parts.tm_mday))"
  }

  /// `Sunday, 22 November 2026`.
  var date: String {
    let day = Self.days[Int(parts.tm_wday) % 7]
    let month = Self.months[Int(parts.tm_mon) % 12]
    return "\(day), \(parts.tm_mday) \(month) \(parts.tm_year + 1900)"
  }

  private static func twoDigits(_ number: Int32) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }

  private static let days = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
}

extension Timestamp {
  /// This moment.
  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
