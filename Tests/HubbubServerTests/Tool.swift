import Foundation

/// A run of the binary that ends by itself: what it printed, and how it ended.
struct Tool {
  let output: String
  let errors: String
  let exitCode: Int32

  static func run(
    _ arguments: String..., input: String = "", environment: [String: String] = [:]
  ) throws -> Tool {
    try run(arguments, input: input, environment: environment)
  }

  /// - Parameter outputFile: where its output goes; nil to what is returned.
  static func run(
    _ arguments: [String], input: String, environment: [String: String],
    outputFile: String? = nil
  ) throws -> Tool {
    let process = Process()
    let (input, output, errors) = try (pipe(holding: input), Pipe(), Pipe())
    process.executableURL = ServerProcess.binary
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = input
    let file = outputFile.flatMap { FileHandle(forWritingAtPath: $0) }
    process.standardOutput = file ?? output
    process.standardError = errors
    try process.run()
    if file != nil { try output.fileHandleForWriting.close() }
    // Neither is ever more than a pipe holds, so that one can be read after the other.
    let texts = try [output, errors].map {
      String(decoding: try $0.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }
    process.waitUntilExit()
    return Tool(output: texts[0], errors: texts[1], exitCode: process.terminationStatus)
  }

  private static func pipe(holding text: String) throws -> Pipe {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try pipe.fileHandleForWriting.close()
    return pipe
  }
}
