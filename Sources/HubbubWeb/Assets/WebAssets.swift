import CWebAssets

/// The browser's client and the dashboard, out of the program itself. A value, made once when the
/// first web port opens.
///
/// The two pages are asked for again each time (`no-cache`, and an `ETag`); they name all other
/// files under one hash of them all, `/<hash>/view.js`, where a browser keeps them for good. One
/// hash for all, so that modules name each other as `./irc.js` and never mix two versions.
///
/// They are made smaller here and not by the build: SwiftPM would need a plugin with a tool of its
/// own for it, and here it takes a few milliseconds, once.
public struct WebAssets: Sendable {
  /// The hash that all files but the pages are under.
  public let version: String
  private let pages: [String: WebAsset]
  private let files: [String: WebAsset]

  /// - Parameters:
  ///   - network: what the pages call the server.
  ///   - lobby: the room that a newcomer comes into; nil for none.
  public init(network: String, lobby: String?) {
    let contents = Self.contents().map { ($0.name, ClientSource.shortened($0.bytes, of: $0.name)) }
    let version = String(
      SHA256.hex(contents.flatMap { Array($0.0.utf8) + [0] + $0.1 }).prefix(12))
    var pages: [String: WebAsset] = [:]
    var files: [String: WebAsset] = [:]
    for (name, bytes) in contents {
      guard name.hasSuffix(".html") else {
        files[name] = WebAsset(name: name, bytes: bytes)
        continue
      }
      let page = ClientSource.filled(
        bytes, with: ["version": version, "network": network, "lobby": lobby ?? ""])
      pages[name] = WebAsset(name: name, bytes: page)
    }
    (self.version, self.pages, self.files) = (version, pages, files)
  }

  /// Every file with what it is under.
  public var all: [WebAsset] { (Array(pages.values) + files.values).sorted { $0.name < $1.name } }

  /// The answer to a request for a page or a file; nil where the address is none of theirs.
  public func response(to request: HTTPRequest) -> HTTPResponse? {
    let segments = request.target.segments
    let asset: WebAsset? =
      switch segments {
      case [""]: pages["index.html"]
      case ["dashboard"]: pages["dashboard.html"]
      // Browsers ask for it by themselves.
      case ["favicon.ico"]: files["icon.svg"]
      case [version, segments.last ?? ""] where segments.count == 2: files[segments[1]]
      default: nil
      }
    guard let asset else { return nil }
    guard request.method == "GET" || request.method == "HEAD" else {
      var refusal = HTTPResponse(.methodNotAllowed, text: "Pages are read with GET and HEAD.")
      refusal.fields.append("Allow", "GET, HEAD")
      return refusal
    }
    return asset.response(to: request, isUnderHash: segments.count == 2)
  }

  private static func contents() -> [(name: String, bytes: [UInt8])] {
    // Constants of the program, which nobody writes.
    let table = UnsafeBufferPointer(start: cwebassets_table(), count: cwebassets_count)
    return table.map { file in
      (
        String(cString: file.name),
        Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
      )
    }
  }
}
