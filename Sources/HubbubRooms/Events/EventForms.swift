import IRCWire

/// The bytes of one event, written once for all renditions that see the same: a further log costs a
/// copy. A value, guarded by the room's lock; it keeps its memory from event to event.
struct EventForms {
  private var forms: [Form] = []

  /// How many of them are of the current event.
  private var count = 0

  private struct Form {
    var capabilities: Capability
    var bytes: [UInt8]
  }

  /// A room need not keep what its longest message took, once there is another.
  private static let keptBytes = 2048

  /// Another event begins.
  mutating func begin() {
    for index in 0..<count where forms[index].bytes.capacity > Self.keptBytes {
      forms[index].bytes = []
    }
    count = 0
  }

  /// The event as `rendition` sees it, written where nobody has seen it like that.
  mutating func withBytes<Result>(
    of event: some RoomEvent, as rendition: Rendition, _ place: EventPlace,
    _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let capabilities = rendition.capabilities.intersection(event.decisive)
    let known = forms[..<count].firstIndex { $0.capabilities == capabilities }
    if let known { return forms[known].bytes.withUnsafeBytes(body) }
    if count == forms.count { forms.append(Form(capabilities: capabilities, bytes: [])) }
    forms[count].capabilities = capabilities
    forms[count].bytes.removeAll(keepingCapacity: true)
    event.appendFramed(to: &forms[count].bytes, as: rendition, place)
    count += 1
    return forms[count - 1].bytes.withUnsafeBytes(body)
  }
}
