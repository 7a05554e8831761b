/// What GitHub's webhooks tell, in a line each. What is not known here is said by its name alone.
enum GitHubText {
  static func lines(of event: String, _ value: JSONValue) -> [String] {
    let place = value["repository"]["full_name"].text ?? "GitHub"
    let who = value["sender"]["login"].text ?? value["pusher"]["name"].text ?? "somebody"
    switch event {
    case "ping": return ["\(place): the hook works"]
    case "push": return push(value, place, who)
    case "issues", "issue_comment": return [thing(value["issue"], "issue", value, place, who)]
    case "pull_request", "pull_request_review":
      return [thing(value["pull_request"], "pull request", value, place, who)]
    case "release":
      let name = value["release"]["tag_name"].text ?? ""
      return ["\(place): \(who) \(action(value)) release \(name) \(link(value["release"]))"]
    case "workflow_run":
      let run = value["workflow_run"]
      guard let conclusion = run["conclusion"].text else { return [] }
      return ["\(place): \(run["name"].text ?? "a workflow") \(conclusion) \(link(run))"]
    default: return ["\(place): \(who) \(event) \(action(value))"]
    }
  }

  /// The commits, the newest last, of which three are told.
  private static func push(_ value: JSONValue, _ place: String, _ who: String) -> [String] {
    let branch = (value["ref"].text ?? "").split(separator: "/").dropFirst(2)
      .joined(separator: "/")
    let commits = value["commits"].elements
    let address = value["compare"].text ?? ""
    let head = "\(place): \(who) pushed \(commits.count) commits to \(branch) \(address)"
    let told = commits.suffix(3).map { commit in
      let id = (commit["id"].text ?? "").prefix(7)
      let title = (commit["message"].text ?? "").prefix { $0 != "\n" }
      return "  \(id) \(title) (\(commit["author"]["name"].text ?? "?"))"
    }
    return [head] + told
  }

  private static func thing(
    _ thing: JSONValue, _ kind: String, _ value: JSONValue, _ place: String, _ who: String
  ) -> String {
    let number = thing["number"].text.map { "#\($0)" } ?? ""
    let verb = value["comment"].isNull ? action(value) : "commented on"
    return "\(place): \(who) \(verb) \(kind) \(number) \(thing["title"].text ?? "") \(link(thing))"
  }

  private static func action(_ value: JSONValue) -> String {
    (value["action"].text ?? "").split(separator: "_").joined(separator: " ")
  }

  private static func link(_ thing: JSONValue) -> String { thing["html_url"].text ?? "" }
}

extension JSONValue {
  fileprivate var isNull: Bool { if case .null = self { true } else { false } }
}
