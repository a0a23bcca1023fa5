// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "Breakeven", path: "..")],
  targets: [
    .executableTarget(
      name: "breakeven-bench",
      dependencies: [
        .product(name: "BreakevenSimulation", package: "Breakeven"),
        .product(name: "BreakevenTraces", package: "Breakeven"),
      ],
      swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
