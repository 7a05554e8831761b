import CCurl
import Glibc

/// A client of HTTP, which keeps its connection to the server that it asked last. One thread at a
/// time.
final class EtcdConnection {
  // Made in `init`, freed in `deinit`, and used by whoever calls `post`, one at a time.
  private let client: OpaquePointer

  /// What is posted, and how long that may take.
  struct Request {
    var url: String
    var headers: [String]
    var body: [UInt8]
    var authorities: String?
    var connectTimeout: Duration

    /// For the whole call; nil for no limit.
    var timeout: Duration?
  }

  enum Outcome {
    /// There is a whole answer, with this status of HTTP.
    case answered(Int)

    /// One of the two closures said no.
    case ended

    /// No server, or no whole answer in time; with the reason.
    case away(String)

    /// The server's certificate is not trusted; with the reason.
    case untrusted(String)
  }

  init() {
    guard let client = ccurl_open() else { fatalError("There is no memory for a connection.") }
    self.client = client
  }

  deinit { ccurl_close(client) }

  /// Posts a body and waits for the end of the answer.
  ///
  /// - Parameters:
  ///   - goesOn: asked at least once a second; false to end.
  ///   - receive: is given the answer's status, and what has come of its body in pieces of any
  ///     size; false to end.
  func post(
    _ request: Request, goesOn: () -> Bool, receive: (Int, UnsafeRawBufferPointer) -> Bool
  ) -> Outcome {
    withoutActuallyEscaping(goesOn) { goesOn in
      withoutActuallyEscaping(receive) { receive in
        let exchange = Exchange(goesOn: goesOn, receive: receive)
        return withExtendedLifetime(exchange) { perform(request, exchange) }
      }
    }
  }

  private func perform(_ request: Request, _ exchange: Exchange) -> Outcome {
    // Copies, which live until the call is over; the call keeps none of these pointers.
    let url = strdup(request.url)
    let authorities = request.authorities.map { strdup($0)! }
    let headers = request.headers.map { strdup($0)! }
    defer { for copy in [url, authorities] + headers { free(copy) } }
    var status = 0
    let outcome = request.body.withUnsafeBytes { body in
      headers.map { UnsafePointer($0) as UnsafePointer<CChar>? }.withUnsafeBufferPointer {
        headers in
        var call = ccurl_request()
        call.url = UnsafePointer(url)
        call.headers = headers.baseAddress
        call.header_count = headers.count
        call.body = body.baseAddress
        call.body_bytes = body.count
        call.authorities = UnsafePointer(authorities)
        call.connect_milliseconds = Self.milliseconds(request.connectTimeout)
        call.milliseconds = request.timeout.map(Self.milliseconds) ?? 0
        // Not retained: `post` keeps it until the call is over.
        call.context = Unmanaged.passUnretained(exchange).toOpaque()
        call.receive = { context, status, bytes, count in
          Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue()
            .receive(status, UnsafeRawBufferPointer(start: bytes, count: count))
        }
        call.goes_on = { context in
          Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue().goesOn()
        }
        return ccurl_post(client, &call, &status)
      }
    }
    let reason = String(cString: ccurl_reason(client))
    switch outcome {
    case ccurl_answered: return .answered(status)
    case ccurl_ended: return .ended
    case ccurl_untrusted: return .untrusted(reason)
    default: return .away(reason)
    }
  }

  /// At least one: none would be no limit.
  private static func milliseconds(_ duration: Duration) -> Int {
    max(1, Int(min(duration, .seconds(86_400)) / .milliseconds(1)))
  }

  /// What the C functions are called with.
  private final class Exchange {
    let goesOn: () -> Bool
    let receive: (Int, UnsafeRawBufferPointer) -> Bool

    init(goesOn: @escaping () -> Bool, receive: @escaping (Int, UnsafeRawBufferPointer) -> Bool) {
      (self.goesOn, self.receive) = (goesOn, receive)
    }
  }
}
