// SPDX-License-Identifier: GPL-3.0-or-later
// What all charts have in common: a name for those who see it, a description for those who don't, and an id that no
// other element of the page has.

/// A chart that can be drawn at a width.
public protocol Chart: Sendable {
  /// Its id, title and description.
  var head: ChartHead { get }
  /// An `svg` element of that width in pixels, at which its text is 12 pixels high. Its layout follows the width: below
  /// about 500 pixels labels move above the marks.
  func svg(width: Double) -> Markup
}

/// Who a chart is.
public struct ChartHead: Sendable, Hashable {
  /// Unique in the page: letters, digits and hyphens.
  public var id: String
  /// What the chart shows, in a few words.
  public var title: String
  /// What is to be seen on it, for who cannot see it.
  public var description: String

  /// A chart's head.
  public init(id: String, title: String, description: String) {
    precondition(
      id.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
      },
      "chart id \(id)")
    self.id = id
    self.title = title
    self.description = description
  }
}

/// A category that colours are given to: an option, a cost component, a state.
public struct ChartKey: Sendable, Hashable {
  /// Its name.
  public var label: String
  /// Which of the palette's colours and dashes it has, from 0.
  public var slot: Int

  /// A category.
  public init(label: String, slot: Int) {
    precondition(slot >= 0, "slot \(slot)")
    self.label = label
    self.slot = slot
  }
}

/// A continuous axis as a chart's caller sees it.
public struct ChartAxis: Sendable {
  /// What it measures, with its unit.
  public var title: String
  /// How values are spread.
  public var kind: Scale.Kind
  /// The text of a value.
  public var label: @Sendable (Double) -> String

  /// An axis.
  public init(title: String, kind: Scale.Kind = .linear, label: @escaping @Sendable (Double) -> String) {
    self.title = title
    self.kind = kind
    self.label = label
  }
}
