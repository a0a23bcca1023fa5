// SPDX-License-Identifier: GPL-3.0-or-later
// Lines are named where they run, not in a legend. This finds for each line the place beside it where its name covers
// the least of the others.

/// Places labels beside lines.
struct LabelPlacement {
  /// A point in pixels.
  struct Point {
    var x: Double
    var y: Double
  }

  /// A rectangle in pixels.
  struct Box {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    func contains(_ point: Point) -> Bool {
      point.x >= left && point.x <= right && point.y >= top && point.y <= bottom
    }

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }

    func grown(by margin: Double) -> Box {
      Box(left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
    }
  }

  /// A placed label: where it stands, and which of its sizes it has.
  struct Label {
    var box: Box
    var size: Int
  }

  /// The pixels that a name needs when broken one way.
  struct Size {
    var width: Double
    var height: Double
  }

  /// Where labels may stand.
  let bounds: Box
  /// Every line as points a few pixels apart.
  let traces: [[Point]]
  /// Heights of lines across the plot, better left uncovered.
  let guides: [Double]

  init(bounds: Box, lines: [[Point]], guides: [Double]) {
    self.bounds = bounds
    self.traces = lines.map { Self.resampled($0, every: 4) }
    self.guides = guides
  }

  /// Points along a line, at most `step` pixels apart.
  static func resampled(_ line: [Point], every step: Double) -> [Point] {
    guard var last = line.first else { return [] }
    var result = [last]
    for point in line.dropFirst() {
      let dx = point.x - last.x
      let dy = point.y - last.y
      let pieces = max(1, Int(((dx * dx + dy * dy).squareRoot() / step).rounded(.up)))
      for piece in 1...pieces {
        let share = Double(piece) / Double(pieces)
        result.append(Point(x: last.x + dx * share, y: last.y + dy * share))
      }
      last = point
    }
    return result
  }

  /// A label that costs more than this hides a good part of another line: no label is better.
  static let tolerance = 22.0

  /// A label for every line, nil where none of its sizes finds a place that leaves the other lines readable. Lines are placed one after the other,
  /// then each again with the others standing, until nothing moves or three rounds are over.
  ///
  /// - Complexity: O(rounds × lines × candidates × points of all lines).
  func labels(_ sizes: [[Size]]) -> [Label?] {
    precondition(sizes.count == traces.count, "\(sizes.count) labels for \(traces.count) lines")
    let candidates = traces.indices.map { line in self.candidates(line, sizes[line]) }
    var chosen: [Int?] = traces.map { _ in nil }
    for _ in 0..<4 {
      var hasMoved = false
      for line in traces.indices {
        let others = traces.indices.compactMap { other -> Box? in
          guard other != line, let index = chosen[other] else { return nil }
          return candidates[other][index].label.box
        }
        var best: Int?
        var least = Self.tolerance
        for (index, candidate) in candidates[line].enumerated() {
          let cost = candidate.cost + 1000 * Double(others.count { $0.overlaps(candidate.label.box) })
          if cost < least {
            least = cost
            best = index
          }
        }
        hasMoved = hasMoved || best != chosen[line]
        chosen[line] = best
      }
      if !hasMoved { break }
    }
    return traces.indices.map { line in chosen[line].map { candidates[line][$0].label } }
  }

  /// Every place for a line's label within the bounds, with what it covers.
  private func candidates(_ line: Int, _ sizes: [Size]) -> [(label: Label, cost: Double)] {
    let trace = traces[line]
    guard !trace.isEmpty else { return [] }
    var result: [(label: Label, cost: Double)] = []
    let places = 28
    for place in 0...places {
      let point = trace[(trace.count - 1) * place / places]
      for (index, size) in sizes.enumerated() {
        for (dx, dy) in Self.offsets(size) {
          let left = point.x + dx
          let top = point.y + dy
          let box = Box(left: left, top: top, right: left + size.width, bottom: top + size.height)
          guard box.left >= bounds.left, box.right <= bounds.right, box.top >= bounds.top,
            box.bottom <= bounds.bottom
          else { continue }
          // The middle of a line is a little better than its ends, fewer lines of text than more.
          let taste = (Double(place) / Double(places) - 0.5).magnitude * 3 + 1.5 * Double(index)
          result.append((Label(box: box, size: index), taste + covered(by: box, line: line)))
        }
      }
    }
    return result
  }

  /// Right of the point, left of it, below, above.
  private static func offsets(_ size: Size) -> [(Double, Double)] {
    let (width, height) = (size.width, size.height)
    return [
      (7, -height / 2), (-width - 7, -height / 2), (5, 3), (-width - 5, -height - 3), (5, -height - 3),
      (-width / 2, -height - 5), (-width / 2, 5),
    ]
  }

  /// Covering other lines is worse than covering its own; standing close to another line makes the reader doubt which
  /// one is named.
  private func covered(by box: Box, line: Int) -> Double {
    var cost = 0.0
    let around = box.grown(by: 9)
    for (other, trace) in traces.enumerated() {
      for point in trace where around.contains(point) {
        if box.contains(point) {
          cost += other == line ? 3 : 6
        } else if other != line {
          cost += 1.5
        }
      }
    }
    for guide in guides where guide > box.top && guide < box.bottom { cost += 4 }
    return cost
  }
}
