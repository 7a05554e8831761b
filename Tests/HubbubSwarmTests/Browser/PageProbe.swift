import Foundation

/// What a script in the page saw there: errors, requests, whether it fits, and every figure it shows.
struct PageProbe: Decodable {
  /// Something on the page that claims to stand in the JSON.
  struct Figure: Decodable {
    let path: String

    /// The exact value that the page gives beside it; nil for a text.
    let value: String?

    /// What people read.
    let text: String
  }

  /// The width of the window, and by how many pixels the page is wider.
  let width: Int
  let overflow: Int

  let isDark: Bool

  /// The colours of the page and of its text, as the browser computed them.
  let background: String
  let ink: String

  /// Errors of scripts and of resources, and what the page tried to fetch.
  let problems: [String]

  /// What it fetched.
  let resources: [String]
  let figures: [Figure]

  /// Texts with a digit that do not say where they come from, and are no scale of a picture either.
  let unmarked: [String]

  /// - Parameter dump: the elements of a page from `frame`.
  init(dump: String) throws {
    guard let start = dump.range(of: "<pre id=\"probe\">"),
      let end = dump.range(of: "</pre>", range: start.upperBound..<dump.endIndex)
    else { throw Browser.Failure(description: "The probe said nothing: \(dump.prefix(500))") }
    let text = dump[start.upperBound..<end.lowerBound].replacing("&lt;", with: "<")
      .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    self = try JSONDecoder().decode(PageProbe.self, from: Data(text.utf8))
  }

  /// The page with the probe in it. It may fetch nothing, and whatever it tries is reported.
  static func planted(in html: String) -> String {
    html.replacing("<head>", with: "<head>\(early)", maxReplacements: 1)
      .replacing("</body>", with: "\(late)</body>", maxReplacements: 1)
  }

  /// A page that shows `html` in a frame of so many pixels, and hands on what the probe in it says.
  static func frame(_ html: String, width: Int) -> String {
    let quoted = html.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
    return """
      <!DOCTYPE html><html><head><meta charset="utf-8">
      <meta name="color-scheme" content="light dark"></head><body>
      <script>addEventListener('message', event => {
        const place = document.createElement('pre')
        place.id = 'probe'
        place.textContent = event.data
        document.body.append(place)
      })</script>
      <iframe style="width:\(width)px;height:900px;border:0" srcdoc="\(quoted)"></iframe>
      </body></html>
      """
  }

  private static let early = """
    <meta http-equiv="Content-Security-Policy"
      content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <script>
    const problems = []
    addEventListener('securitypolicyviolation', event => problems.push('fetches ' + event.blockedURI))
    addEventListener('error', event => problems.push('error: ' + (event.message || event.target.tagName)),
      true)
    addEventListener('unhandledrejection', event => problems.push('error: ' + event.reason))
    </script>
    """

  private static let late = """
    <script>addEventListener('load', () => {
    const root = document.documentElement
    const shown = element => element.querySelector('title')?.textContent.split(': ').pop()
      ?? element.textContent
    const figures = [...document.querySelectorAll('[data-path]')].map(element => ({
      path: element.dataset.path,
      value: element.getAttribute('value') ?? element.dataset.value,
      text: shown(element)
    }))
    const unmarked = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const text = walker.currentNode
      const isSaid = text.parentElement.closest('[data-path],.scale,th,h2,script,style')
      if (/[0-9]/.test(text.data) && !isSaid) unmarked.push(text.data)
    }
    const style = getComputedStyle(document.body)
    parent.postMessage(JSON.stringify({
      width: innerWidth, overflow: root.scrollWidth - root.clientWidth,
      isDark: matchMedia('(prefers-color-scheme:dark)').matches,
      background: style.backgroundColor, ink: style.color, problems,
      resources: performance.getEntriesByType('resource').map(entry => entry.name),
      figures, unmarked
    }), '*')
    })</script>
    """
}
