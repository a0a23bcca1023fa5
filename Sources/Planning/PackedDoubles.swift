// SPDX-License-Identifier: GPL-3.0-or-later
// Histograms hold few different numbers many times: every request of a stratum of hours counts alike. So they are
// stored as a table of the numbers and a place in it for each.

/// Arrays of `Double`: count (32 bits), length of the table (32 bits; 0 where the numbers follow themselves), the table
/// in ascending order of bits, then for each number its place in the table in one byte, or two where the table is
/// longer than 256.
enum PackedDoubles {
  static func write(_ numbers: [Double], to sink: ByteSink) {
    sink.append(UInt32(numbers.count))
    let table = Set(numbers.map(\.bitPattern)).sorted()
    let placeBytes = table.count <= 256 ? 1 : 2
    let packed = 8 * table.count + placeBytes * numbers.count
    guard table.count <= 1 << 16, packed < 8 * numbers.count else {
      sink.append(UInt32(0))
      for number in numbers { sink.append(number.bitPattern) }
      return
    }
    sink.append(UInt32(table.count))
    var places: [UInt64: Int] = [:]
    for (place, bits) in table.enumerated() {
      sink.append(bits)
      places[bits] = place
    }
    for number in numbers {
      let place = places[number.bitPattern] ?? 0
      if placeBytes == 1 { sink.append(UInt8(place)) } else { sink.append(UInt16(place)) }
    }
  }

  static func read(from source: ByteSource) throws -> [Double] {
    let count = Int(try source.integer(UInt32.self))
    let entries = Int(try source.integer(UInt32.self))
    var numbers: [Double] = []
    if entries == 0 {
      for _ in 0..<count { numbers.append(Double(bitPattern: try source.integer(UInt64.self))) }
      return numbers
    }
    var table: [Double] = []
    for _ in 0..<entries { table.append(Double(bitPattern: try source.integer(UInt64.self))) }
    for _ in 0..<count {
      let place = Int(
        entries <= 256 ? UInt16(try source.integer(UInt8.self)) : try source.integer(UInt16.self))
      guard place < entries else { throw PositionalCodingError(reason: "a place beyond its table") }
      numbers.append(table[place])
    }
    return numbers
  }
}
