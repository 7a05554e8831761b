import CLinux
import Glibc

/// The names of this program's functions by their addresses.
///
/// `dladdr` knows only what is exported, which in a program is next to nothing: the program's own
/// names are read from the symbol table of its file, where it was not stripped. The toolchain's
/// `Runtime` module does not serve: its `Backtrace` captures the calling thread alone, and names
/// only addresses that it captured itself.
struct SymbolTable {
  private struct Symbol {
    let start: UInt64
    let end: UInt64

    /// Where its name begins among all names.
    let name: Int
  }

  /// In the order of their addresses.
  private var symbols: [Symbol] = []
  private var names: [UInt8] = []

  /// Where the program is in memory.
  private var base: UInt = 0

  /// Reads the program's own file; without it the table is empty.
  init() {
    guard let file = Self.contents(of: "/proc/self/exe") else { return }
    file.withUnsafeBytes { read($0) }
    base = UInt(bitPattern: clinux_own_base())
  }

  /// The function that an address of a call's return is in; "module+offset" where it has no name.
  func function(at address: UnsafeMutableRawPointer) -> String {
    // A return address stands behind the call, which may be the last thing in its function.
    let place = address - 1
    var found = clinux_place()
    guard clinux_locate(place, &found) != 0 else { return "?" }
    let offset = UInt(bitPattern: place) - UInt(bitPattern: found.base)
    if UInt(bitPattern: found.base) == base, let name = ownName(UInt64(offset)) {
      return Self.readable(name)
    }
    if let name = found.symbol { return Self.readable(String(cString: name)) }
    let module = String(cString: found.file).split(separator: "/").last ?? "?"
    return "\(module)+0x\(String(offset, radix: 16))"
  }

  private func ownName(_ place: UInt64) -> String? {
    var (low, high) = (0, symbols.count)
    while low < high {
      let middle = (low + high) / 2
      if symbols[middle].start <= place { low = middle + 1 } else { high = middle }
    }
    guard low > 0, place < symbols[low - 1].end else { return nil }
    return String(decoding: names[symbols[low - 1].name...].prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func readable(_ name: String) -> String {
    guard let text = swift_demangle(name, name.utf8.count, nil, nil, 0) else { return name }
    defer { free(text) }
    return String(cString: text)
  }

  // MARK: The file (System V ABI, "Object Files")

  private mutating func read(_ file: UnsafeRawBufferPointer) {
    guard file.count > MemoryLayout<Elf64_Ehdr>.size else { return }
    let header = file.loadUnaligned(as: Elf64_Ehdr.self)
    func section(_ index: Int) -> Elf64_Shdr? {
      let offset = Int(header.e_shoff) + index * Int(header.e_shentsize)
      guard offset + MemoryLayout<Elf64_Shdr>.size <= file.count else { return nil }
      return file.loadUnaligned(fromByteOffset: offset, as: Elf64_Shdr.self)
    }
    for index in 0..<Int(header.e_shnum) {
      guard let table = section(index), table.sh_type == UInt32(SHT_SYMTAB),
        let strings = section(Int(table.sh_link)),
        let texts = Self.bytes(of: strings, in: file), let entries = Self.bytes(of: table, in: file)
      else { continue }
      names = Array(texts)
      readSymbols(entries)
    }
  }

  private mutating func readSymbols(_ entries: UnsafeRawBufferPointer) {
    let size = MemoryLayout<Elf64_Sym>.size
    for offset in stride(from: 0, through: entries.count - size, by: size) {
      let entry = entries.loadUnaligned(fromByteOffset: offset, as: Elf64_Sym.self)
      guard entry.st_info & 0x0F == UInt8(STT_FUNC), entry.st_size > 0,
        Int(entry.st_name) < names.count
      else { continue }
      symbols.append(
        Symbol(
          start: entry.st_value, end: entry.st_value + entry.st_size, name: Int(entry.st_name)))
    }
    symbols.sort { $0.start < $1.start }
  }

  private static func bytes(
    of section: Elf64_Shdr, in file: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    let (start, size) = (Int(section.sh_offset), Int(section.sh_size))
    guard start >= 0, size >= 0, start <= file.count, size <= file.count - start else { return nil }
    return UnsafeRawBufferPointer(rebasing: file[start..<start + size])
  }

  private static func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    guard size > 0 else { return nil }
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fread(buffer.baseAddress, 1, size, file)
    }
  }
}
