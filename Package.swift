// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

/// The language settings of every target: Swift 6 mode, strict memory safety, no warning left standing.
let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library target of this package and what it may import: the one direction of docs/ARCHITECTURE.md.
func module(_ name: String, _ dependencies: [String] = [], resources: [Resource] = []) -> Target {
  .target(
    name: name, dependencies: dependencies.map { .byName(name: $0) }, resources: resources,
    swiftSettings: settings)
}

/// The test target of a module.
func tests(_ name: String, _ dependencies: [String] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: ([name] + dependencies).map { .byName(name: $0) }, exclude: exclude,
    swiftSettings: settings)
}

let package = Package(
  name: "Breakeven",
  products: [
    .executable(name: "breakeven", targets: ["breakeven"]),
    .library(
      name: "BreakevenSimulation", targets: ["Quantities", "Uncertainty", "Workload", "Simulation"]),
    .library(name: "BreakevenTraces", targets: ["Quantities", "TextFormats", "Workload", "Traces"]),
  ],
  targets: [
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    module("Quantities"),
    module("Numerics", ["CGSL"]),
    module("Uncertainty", ["Quantities", "Numerics"]),
    module("YAMLDocument", ["CYAML"]),
    module(
      "Catalog", ["Quantities", "Uncertainty", "YAMLDocument"],
      resources: [.embedInCode("Resources")]),
    module("TextFormats", ["CZlib"]),
    module("PriceImport", ["Quantities", "TextFormats", "YAMLDocument", "Catalog"]),
    module("Workload", ["Quantities", "Numerics", "Uncertainty"]),
    module(
      "Traces",
      ["Quantities", "Numerics", "Uncertainty", "TextFormats", "Workload", "NumberFormatting"]),
    module("Simulation", ["Quantities", "Numerics", "Workload", "Catalog"]),
    module(
      "Calibration",
      ["Quantities", "Numerics", "Uncertainty", "TextFormats", "Catalog", "Workload", "Simulation"]),
    module("Economics", ["Quantities", "Numerics", "Simulation"]),
    module(
      "Scenario", ["Quantities", "Uncertainty", "YAMLDocument", "Catalog", "Workload"],
      resources: [.embedInCode("Resources")]),
    module("Decision", ["Quantities", "Numerics", "Uncertainty"]),
    module(
      "Planning",
      [
        "Quantities", "Numerics", "Uncertainty", "Catalog", "TextFormats", "Workload", "Traces", "Simulation",
        "Economics", "Scenario", "Decision", "NumberFormatting", "YAMLDocument",
      ]),
    module("Store", ["CSQLite", "CZlib", "Decision"]),
    module("NumberFormatting"),
    module("Charts", ["NumberFormatting"]),
    module("Reporting", ["Decision", "Uncertainty", "Charts", "NumberFormatting"]),
    module(
      "Monitoring",
      ["Quantities", "YAMLDocument", "Scenario", "Decision", "Store", "Reporting", "NumberFormatting"]),
    module("CommandLineKit"),
    .executableTarget(
      name: "breakeven",
      dependencies: [
        "CommandLineKit", "Catalog", "Scenario", "Planning", "Store", "Reporting", "Economics",
        "Simulation", "Decision", "Uncertainty", "Workload", "Traces", "Calibration", "TextFormats",
        "YAMLDocument", "Quantities", "NumberFormatting", "Numerics", "PriceImport", "Monitoring",
      ],
      swiftSettings: settings),

    tests("Quantities"),
    tests("Numerics"),
    tests("Uncertainty", ["Quantities", "Numerics"]),
    tests("YAMLDocument"),
    tests("Catalog", ["YAMLDocument", "Uncertainty", "Quantities"]),
    tests("PriceImport", ["Catalog", "TextFormats", "YAMLDocument", "Uncertainty", "Quantities"]),
    tests("Workload", ["Quantities", "Uncertainty"]),
    tests("TextFormats"),
    tests("Traces", ["TextFormats", "Workload", "Uncertainty", "Quantities"]),
    tests(
      "Calibration", ["TextFormats", "Catalog", "Simulation", "Workload", "Uncertainty", "Quantities"]),
    tests("Simulation", ["Quantities", "Catalog", "Workload"]),
    tests("Economics", ["Quantities", "Numerics", "Simulation", "Workload"]),
    tests("Scenario", ["YAMLDocument", "Catalog", "Uncertainty", "Workload", "Quantities"]),
    tests("Decision", ["Quantities", "Numerics", "Uncertainty"]),
    tests(
      "Planning",
      [
        "Scenario", "Catalog", "Simulation", "Economics", "Decision", "Uncertainty", "Workload", "Quantities",
        "Numerics",
      ]),
    tests("Store", ["Decision", "CSQLite"]),
    tests("Charts", ["NumberFormatting"], exclude: ["Golden"]),
    tests("Reporting", ["Decision", "Uncertainty", "Charts", "NumberFormatting"]),
    tests("Monitoring", ["Decision", "Scenario", "Store", "Reporting"]),
    tests("CommandLineKit"),
    .testTarget(
      name: "EndToEndTests", dependencies: ["breakeven"], exclude: ["Sessions"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
