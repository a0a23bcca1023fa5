// SPDX-License-Identifier: GPL-3.0-or-later
// A trend as small as a word, beside the number it belongs to: no axes, a dot at the end, open dots where something was
// amiss.

/// A line without axes.
public struct Sparkline: Chart {
  /// A value of the line.
  public struct Point: Sendable, Hashable {
    /// The height.
    public var value: Double
    /// Whether it is marked with an open dot.
    public var isMarked: Bool

    /// A value.
    public init(_ value: Double, isMarked: Bool = false) {
      self.value = value
      self.isMarked = isMarked
    }
  }

  /// Its id, title and description.
  public let head: ChartHead
  let points: [Point]
  let domain: ClosedRange<Double>?

  /// A line of values, one step apart. `domain` fixes the heights; without it they run from the lowest value to the
  /// highest, a flat line in the middle.
  public init(head: ChartHead, points: [Point], domain: ClosedRange<Double>? = nil) {
    self.head = head
    self.points = points.filter(\.value.isFinite)
    self.domain = domain
  }

  /// The line at a width in pixels, 32 high.
  public func svg(width: Double) -> Markup {
    let height = 32.0
    let margin = 5.0
    var drawing = Drawing(head, width: width)
    let low = domain?.lowerBound ?? points.map(\.value).min() ?? 0
    let high = domain?.upperBound ?? points.map(\.value).max() ?? 0
    let step = points.count > 1 ? (width - 2 * margin) / Double(points.count - 1) : 0
    let places = points.enumerated().map { index, point in
      // One value stands where the last one does.
      let x = points.count > 1 ? margin + step * Double(index) : width - margin
      let share = high > low ? (point.value - low) / (high - low) : 0.5
      return (x: x, y: height - margin - min(1, max(0, share)) * (height - 2 * margin))
    }
    if places.count > 1 {
      var data = Markup()
      for (index, place) in places.enumerated() { data += "\(index == 0 ? "M" : "L")\(place.x) \(place.y)" }
      drawing.path("line s1", data)
    }
    for (point, place) in zip(points, places) where point.isMarked {
      drawing.circle("open s2", place.x, place.y, radius: 3)
    }
    if let last = places.last, points.last?.isMarked == false {
      drawing.circle("dot s1", last.x, last.y, radius: 3.5)
    }
    return drawing.svg(height: height)
  }
}
