import ArgumentParser
import Glibc
import HubbubSwarm

/// Where the figures go besides the screen.
struct SwarmOutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write every figure to this file, as JSON. As with the other files '-' is standard output; "
        + "what people read then goes to standard error.",
      valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write a page with pictures to this file (HTML).", valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Write the response times to this file for HdrHistogram plotters (.hgrm).", valueName: "file")
  )
  var histogram: String?

  @Option(
    help: ArgumentHelp(
      "Write every delivery to this file (CSV; packed if it ends in .gz).", valueName: "file"))
  var events: String?

  @Option(help: "What to call this run where several are compared. Repetitions share a label.")
  var label: String?

  @Flag(help: "Measure as well what bias this machine makes by itself, and show both.")
  var calibrate = false

  @Option(
    name: .customLong("compare"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Measure nothing; show these runs side by side (JSON). With --report also as a page, with "
        + "--json the medians and ranges.",
      valueName: "file"))
  var compared: [String] = []

  func apply(to plan: inout Plan) {
    plan.histogramPath = histogram
    plan.eventsPath = events
    plan.label = label
    plan.isCalibrated = calibrate
  }

  /// Makes sure that the files can be written. Before the run: afterwards it is late to say so.
  ///
  /// - Throws: `OutputFile.Unwritable` or `OutputFile.Clash`.
  func check() throws {
    try OutputFile.check([json, report, histogram, events].compactMap(\.self))
  }

  /// Prints the runs in the files side by side.
  ///
  /// - Throws: what is wrong with a file, in words for people.
  func compare() throws {
    let outcomes = try compared.flatMap { path in
      guard let bytes = OutputFile.read(path) else {
        throw ValidationError("'\(path)' cannot be read.")
      }
      do {
        return try JSONReport.readRuns(bytes)
      } catch let error as JSONReport.OtherVersion {
        throw ValidationError("'\(path)': \(error)")
      } catch {
        throw ValidationError("'\(path)' is no JSON of a run.")
      }
    }
    let comparison = Comparison(outcomes)
    for line in comparison.lines { tell(line) }
    if let report {
      try OutputFile.write(Array(ComparisonPage(comparison).html.utf8), to: report)
    }
    if let json { try OutputFile.write(comparison.json(), to: json) }
  }

  /// Whether standard output belongs to a program that reads a file from there.
  private var isPiped: Bool {
    [json, report, histogram, events].contains(OutputFile.standardOutput)
  }

  /// Tells people something that no program reads.
  func tell(_ line: String) {
    if isPiped { StandardError.write("\(line)\n") } else { print(line) }
  }

  /// What shows the run while it goes on.
  var view: any RunView {
    if isPiped { return NoView() }
    return isatty(STDOUT_FILENO) == 1 ? LiveView() : PlainView()
  }

  /// Prints the verdict of several runs and writes the files.
  ///
  /// - Throws: `OutputFile.Unwritable`.
  func show(_ series: Series) throws {
    let screen = isPiped ? STDERR_FILENO : STDOUT_FILENO
    for line in SeriesSummary(series, isColoured: isatty(screen) == 1).lines { tell(line) }
    try write(
      page: { SeriesPage(series).html }, figures: { try JSONReport(series).bytes })
  }

  /// Prints the verdict and writes the files. One that cannot be written keeps no other from it.
  ///
  /// - Throws: `OutputFile.Unwritable`.
  func show(_ outcome: Outcome) throws {
    let screen = isPiped ? STDERR_FILENO : STDOUT_FILENO
    for line in Summary(outcome, isColoured: isatty(screen) == 1).lines { tell(line) }
    try write(
      page: { ReportPage(outcome).html }, figures: { try JSONReport(outcome).bytes })
  }

  private func write(page: () -> String, figures: () throws -> [UInt8]) throws {
    let pages = Result {
      if let report { try OutputFile.write(Array(page().utf8), to: report) }
    }
    if let json { try OutputFile.write(figures(), to: json) }
    try pages.get()
  }
}
