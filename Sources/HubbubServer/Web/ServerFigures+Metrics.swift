import HubbubRooms
import HubbubWeb

extension ServerFigures {
  /// A mean of fewer samples says nothing of whom a room favours.
  private static let leastSamples = 100

  /// All of it for Prometheus. Rooms have no names here: those are private, and without number.
  func metrics(answers: [Int: Int], startedAt seconds: Double) -> [Metric] {
    var transports = Metric("hubbub_clients", .gauge, "Connections, by how they came.")
    for (transport, count) in clients { transports.add(Double(count), ["transport": transport]) }
    var ended = Metric("hubbub_ended_total", .counter, "Sessions that ended, by reason.")
    for reason in Endings.Reason.allCases {
      ended.add(Double(endings.endings[reason] ?? 0), ["reason": reason.rawValue])
    }
    var refused = Metric("hubbub_refused_total", .counter, "Connections not let in, by reason.")
    for (reason, count) in endings.refusals.sorted(by: { $0.key < $1.key }) {
      refused.add(Double(count), ["reason": reason])
    }
    var kinds = Metric("hubbub_threads", .gauge, "Threads, by kind.")
    for kind in threads { kinds.add(Double(kind.count), ["kind": kind.name]) }
    var http = Metric("hubbub_http_answers_total", .counter, "Answers of the web ports, by status.")
    for (status, count) in answers.sorted(by: { $0.key < $1.key }) {
      http.add(Double(count), ["status": "\(status)"])
    }
    return [
      transports,
      Metric("hubbub_registered", .gauge, "Clients that have registered.", registered),
      Metric("hubbub_rooms", .gauge, "Rooms.", roomCount),
      Metric("hubbub_messages_total", .counter, "Messages said in rooms.", messages),
      Metric(
        "hubbub_deliveries_total", .counter,
        "Entries of rooms that connections have taken: each for each of those who read it.",
        traffic.entries),
      Metric("hubbub_sent_bytes_total", .counter, "Bytes that clients have taken.", traffic.bytes),
      spread,
      Metric("hubbub_blocked", .gauge, "Connections that take nothing at present.", blocked),
      Metric("hubbub_lag_bytes_max", .gauge, "How far behind the slowest reader is.", maxLagBytes),
      Metric(
        "hubbub_position_bias_max", .gauge,
        "How far from the middle (0.5) the most favoured member of a room is served on average.",
        bias),
      ended, refused, kinds, http,
      Metric(
        "hubbub_passwords_wrong_total", .counter, "Passwords that were wrong.", passwordsWrong),
      Metric(
        "process_cpu_seconds_total", .counter, "Processor time, of all processors.",
        processorSeconds),
      Metric("process_resident_memory_bytes", .gauge, "Memory in use.", memoryBytes),
      Metric(
        "process_start_time_seconds", .gauge, "When the server started, since 1970.", seconds),
    ] + networkMetrics
  }

  private var networkMetrics: [Metric] {
    guard let network else { return [] }
    return [
      Metric("hubbub_nodes", .gauge, "Nodes of the network.", network.nodes.count),
      Metric(
        "hubbub_engine_up", .gauge, "Whether the engine that keeps the order answers.",
        network.trouble == nil ? 1 : 0),
      Metric(
        "hubbub_log_entries_total", .counter, "Entries of the log that were applied here.",
        network.entries),
      Metric(
        "hubbub_log_actions_total", .counter, "Actions in them.", network.actions),
      Metric(
        "hubbub_log_waiting", .gauge, "Actions of this node's own that wait for the log.",
        network.waiting),
      Metric(
        "hubbub_log_refused_total", .counter,
        "Actions of this node's own that were refused because the network could not agree.",
        network.refused),
      Metric(
        "hubbub_log_lag_seconds", .gauge,
        "How long this node's last batch took from being made to being applied here.",
        Double(network.lagMilliseconds) / 1000),
    ]
  }

  private var spread: Metric {
    var metric = Metric(
      "hubbub_fanout_spread_seconds", .summary,
      "The time from the first to the last member of a fan-out, in the room where it is longest.")
    for share in [0.5, 0.99] {
      let spreads = rooms.compactMap { $0.record.spread(atShare: share) }
      guard let longest = spreads.max() else { continue }
      metric.add(longest / .seconds(1), ["quantile": "\(share)"])
    }
    return metric
  }

  private var bias: Double {
    rooms.flatMap(\.members).filter { $0.place.samples >= Self.leastSamples }
      .map { abs($0.place.meanPosition - 0.5) }.max() ?? 0
  }
}
