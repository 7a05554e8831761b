import HubbubStore
import IRCWire

/// One of the things that `ACCOUNT` does.
struct AccountCommand: Sendable {
  /// Who may.
  enum Permission: Sendable {
    case everybody

    /// Whoever is logged in.
    case owner

    /// The same, but not with a device's own password, which may be a device's that was lost.
    case ownerItself

    /// Operators of the server.
    case operators
  }

  let permission: Permission

  /// How many parameters it needs.
  let parameters: Int
  let usage: String
  let run: @Sendable (Session, [String], AccountVoice) -> Void

  init(
    _ permission: Permission, parameters: Int = 0, usage: String = "",
    run: @escaping @Sendable (Session, [String], AccountVoice) -> Void
  ) {
    self.permission = permission
    self.parameters = parameters
    self.usage = usage
    self.run = run
  }

  static let table: [String: AccountCommand] = ownAccountCommands.merging(accountKeeping) {
    _, _ in preconditionFailure("A command stands in two tables.")
  }

  /// `DEVICE | INFO | …`
  static let names = table.keys.sorted().joined(separator: " | ")
}

extension Session {
  /// `ACCOUNT <command> [<parameter>…]`
  func account(_ parameters: [String]) {
    let name = parameters[0].uppercased()
    let voice = AccountVoice.command("ACCOUNT")
    guard let command = AccountCommand.table[name] else {
      return fail(
        voice, "UNKNOWN_COMMAND", [parameters[0]], "There are \(AccountCommand.names)")
    }
    run(command, name, Array(parameters.dropFirst()), voice)
  }

  /// Carries a command out, if the client may.
  func run(
    _ command: AccountCommand, _ name: String, _ parameters: [String], _ voice: AccountVoice
  ) {
    switch command.permission {
    case .everybody: break
    case .operators: guard isOperating() else { return }
    case .owner, .ownerItself:
      guard let login else {
        return fail(voice, "ACCOUNT_REQUIRED", [name], "Log in to your account first")
      }
      if command.permission == .ownerItself, login.isByDevicePassword {
        return fail(
          voice, "ACCOUNT_REQUIRED", [name],
          "Log in with the account's password: a device's does not change the account")
      }
    }
    guard parameters.count >= command.parameters else {
      return fail(voice, "NEED_MORE_PARAMS", [name], "It is: \(name) \(command.usage)")
    }
    command.run(self, parameters, voice)
  }

  /// Does something with the store, and answers what came in its way.
  func attempt(
    _ voice: AccountVoice, _ context: [String], _ body: () throws(AccountError) -> Void
  ) {
    charge(Self.writingThousandths)
    do throws(AccountError) { try body() } catch {
      fail(voice, error.answer.code, context, error.answer.text)
    }
  }

  /// What is written to the disk is more work than most lines, and what is hashed by far.
  private static let writingThousandths = 1000
  static let hashingThousandths = 4000

  /// The account called `name`, or an answer that there is none.
  func knownAccount(_ name: String, _ voice: AccountVoice) -> Account? {
    if let account = hub.accounts?.account(named: name) { return account }
    fail(
      voice, AccountError.noSuchAccount.answer.code, [name], AccountError.noSuchAccount.answer.text)
    return nil
  }
}
