import ArgumentParser
import FoundationEssentials
import Glibc
import HubbubServer

/// `hubbub accounts`
struct AccountsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accounts",
    abstract: "Look after the accounts of a server that is not running.",
    discussion: """
      Works on the file accounts.db in the folder of 'state', where the settings file or --state \
      say it is, and refuses while a server has it: operators of a running server use ACCOUNT \
      (HELP ACCOUNT). All that is done stands in the audit log ('hubbub accounts log').

      Exit codes: 0 it was done, 1 it could not be (the reason is printed), 64 wrong usage, 78 the \
      settings cannot be used.
      """,
    subcommands: [
      ListAccounts.self, AddAccount.self, ResetAccount.self, SuspendAccount.self,
      EraseAccount.self, FreeAccountName.self, ImportAccounts.self, ShowAccountLog.self,
    ], defaultSubcommand: ListAccounts.self)
}

/// Which accounts, and how they are shown.
struct AccountsOptions: ParsableArguments {
  @OptionGroup var files: StateOptions

  @Flag(help: "Print JSON.")
  var json = false

  /// Opens the accounts, has something done, and prints what came of it.
  func run(_ body: (AccountAdministration) throws -> String) throws {
    try files.run(reporting: AccountAdministration.Failure.self) { settings in
      let administration = try AccountAdministration(settings)
      defer { administration.close() }
      try StandardOutput.print(body(administration))
    }
  }

  /// A value as JSON, or the words for people.
  func text(_ value: some Encodable, _ words: @autoclosure () -> String) throws -> String {
    guard json else { return words() }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

private struct ListAccounts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print all accounts, or one.")

  @OptionGroup var options: AccountsOptions

  @Argument(help: "The account; all, where none is named.")
  var name: String?

  func run() throws {
    try options.run { accounts in
      let entries = try name.map { [try accounts.entry(of: $0)] } ?? accounts.list()
      return try options.text(
        entries, entries.isEmpty ? "There are no accounts." : Self.table(entries))
    }
  }

  private static func table(_ entries: [AccountAdministration.Entry]) -> String {
    entries.map { entry in
      let more =
        [("nicknames", entry.nicknames), ("devices", entry.devices), ("rooms", entry.rooms)]
        .filter { !$0.1.isEmpty }.map { "  \($0.0) \($0.1.joined(separator: ","))" }.joined()
      return "\(entry.name)\(entry.suspended ? " (suspended)" : "")  registered "
        + "\(entry.registered)  seen \(entry.seen)\(more)"
    }.joined(separator: "\n")
  }
}

private struct AddAccount: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Make an account.",
    discussion: """
      Asks for the password twice without showing it; without a terminal it reads one line from \
      standard input. Prints the recovery code, which is kept nowhere.
      """)

  @OptionGroup var options: AccountsOptions
  @Argument(help: "The account's name, a nickname.") var name: String

  func run() throws {
    let password = try NewPassword.ask()
    try options.run { accounts in
      let code = try accounts.add(name, password: password)
      return try options.text(
        ["name": name, "recoveryCode": code], "\(name) is made. Recovery code: \(code)")
    }
  }
}

private struct ResetAccount: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Print a code with which a new password can be set for a day (ACCOUNT RECOVER).")

  @OptionGroup var options: AccountsOptions
  @Argument var name: String

  func run() throws {
    try options.run { accounts in
      let code = try accounts.reset(name)
      return try options.text(
        ["name": name, "code": code], "ACCOUNT RECOVER \(name) \(code) <new password>")
    }
  }
}

private struct SuspendAccount: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend", abstract: "Let nobody log in to an account, or open it again.")

  @OptionGroup var options: AccountsOptions
  @Argument var name: String
  @Flag(help: "Open it again.") var off = false

  func run() throws {
    try options.run { accounts in
      try accounts.suspend(name, !off)
      return try options.text(
        accounts.entry(of: name), off ? "\(name) is open again." : "\(name) is suspended.")
    }
  }
}

private struct EraseAccount: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Erase an account for good; its name stays taken ('hubbub accounts free').")

  @OptionGroup var options: AccountsOptions
  @Argument var name: String

  func run() throws {
    try options.run { accounts in
      try accounts.erase(name)
      return try options.text(["name": name, "result": "erased"], "\(name) is erased.")
    }
  }
}

private struct FreeAccountName: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "free", abstract: "Let the name of an erased account be registered again.")

  @OptionGroup var options: AccountsOptions
  @Argument var name: String

  func run() throws {
    try options.run { accounts in
      try accounts.free(name)
      return try options.text(["name": name, "result": "free"], "\(name) is free.")
    }
  }
}

private struct ImportAccounts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make the accounts and rooms of another server.",
    discussion: """
      Reads the JSON that Ergo imports; Ergo's anope2json and atheme2json write it from the \
      databases of Anope and Atheme. Passwords go on where they are hashed by bcrypt, or as \
      crypt(5) knows it; others need a code ('hubbub accounts reset'). What is here already stays \
      as it is.
      """)

  @OptionGroup var options: AccountsOptions
  @Argument(help: "The file.") var file: String

  func run() throws {
    try options.run { accounts in
      let imported = try accounts.importAll(from: file)
      var lines = ["\(imported.accounts) accounts and \(imported.rooms) rooms were made."]
      if !imported.withoutPassword.isEmpty {
        lines.append(
          "Without a password that can be used here: "
            + imported.withoutPassword.joined(separator: ", "))
      }
      lines += imported.passedOver.map { "Passed over: \($0)" }
      return try options.text(imported, lines.joined(separator: "\n"))
    }
  }
}

private struct ShowAccountLog: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Print the audit log, the newest line first.")

  @OptionGroup var options: AccountsOptions
  @Option(help: "How many lines.") var count = 50

  func run() throws {
    try options.run { accounts in
      let lines = try accounts.log(count)
      return try options.text(
        lines,
        lines.map { "\($0.time)  \($0.actor)  \($0.action)  \($0.subject)  \($0.detail)" }
          .joined(separator: "\n"))
    }
  }
}
