// SPDX-License-Identifier: GPL-3.0-or-later
// Flips of a sweep lie where straight lines between its points cross.

import Decision
import Testing

@Suite("Sweeps")
struct WhatIfSweepTests {
  private static func option(_ name: String, _ mean: Double, serves: Bool = true) -> WhatIfSweep.Option {
    .init(
      name: name, title: name,
      outlook: OptionOutlook(
        totalCost: Spread(mean: mean, p10: mean, p50: mean, p90: mean, p95: mean),
        probabilityCheapest: Probability(estimate: 0.5, low: 0, high: 1), serviceLevel: serves ? 1 : 0,
        meetsServiceLevel: serves))
  }

  private static func sweep(
    _ axes: [WhatIfSweep.Axis], _ points: [([Double], [WhatIfSweep.Option])]
  ) -> WhatIfSweep {
    WhatIfSweep(
      scenario: "a", title: "A", base: "a.yaml", changes: [], axes: axes,
      points: points.map { values, options in
        let serving = options.filter(\.outlook.meetsServiceLevel)
        let best = serving.min { $0.outlook.totalCost.mean < $1.outlook.totalCost.mean }
        return .init(values: values, recommended: best?.name ?? options[0].name, options: options)
      })
  }

  @Test("one axis: a line that rises meets one that does not where it does, in steps or in ratios")
  func crossing() throws {
    for (isLogarithmic, expected) in [(false, 2.5), (true, 8.0.squareRoot())] {
      let axis = WhatIfSweep.Axis(path: "x", values: [1, 2, 4], isLogarithmic: isLogarithmic)
      let found = Self.sweep(
        [axis],
        [
          ([1], [Self.option("a", 0), Self.option("b", 10)]),
          ([2], [Self.option("a", 9), Self.option("b", 10)]),
          ([4], [Self.option("a", isLogarithmic ? 11 : 13), Self.option("b", 10)]),
        ])
      let flip = try #require(found.flips.first)
      #expect(found.flips.count == 1 && flip.from == "a" && flip.to == "b")
      #expect(flip.low == 2 && flip.high == 4 && flip.axis == 0 && flip.other == nil)
      #expect(abs(try #require(flip.crossing) - expected) < 1e-12)
    }
  }

  @Test("where an option ceases to serve, the flip has its neighbours but no crossing")
  func service() throws {
    let axis = WhatIfSweep.Axis(path: "x", values: [1, 2], isLogarithmic: false)
    let found = Self.sweep(
      [axis],
      [
        ([1], [Self.option("a", 0), Self.option("b", 10)]),
        ([2], [Self.option("a", 0, serves: false), Self.option("b", 10)]),
      ])
    #expect(found.flips.count == 1 && found.flips[0].crossing == nil && found.flips[0].to == "b")
  }

  @Test("two axes: flips along each, with the place on the other")
  func plane() {
    let axes = [
      WhatIfSweep.Axis(path: "x", values: [1, 2], isLogarithmic: false),
      WhatIfSweep.Axis(path: "y", values: [10, 20, 30], isLogarithmic: false),
    ]
    // b is cheaper only in the corner x = 2, y = 30.
    let found = Self.sweep(
      axes,
      [(1.0, 10.0), (1, 20), (1, 30), (2, 10), (2, 20), (2, 30)].map { x, y in
        ([x, y], [Self.option("a", x == 2 && y == 30 ? 12 : 8), Self.option("b", 10)])
      })
    #expect(found.flips.map(\.axis) == [0, 1] && found.flips.map(\.other) == [30, 2])
    #expect(found.flips.map(\.crossing) == [1.5, 25])
    #expect(found.flips.allSatisfy { $0.from == "a" && $0.to == "b" })
  }
}
