// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

// Built by `make fuzz` with libFuzzer's instrumentation for every module, which a target cannot ask of its dependencies.
let package = Package(
  name: "Fuzzing",
  products: [.library(name: "FuzzReaders", type: .static, targets: ["fuzz-readers"])],
  dependencies: [.package(name: "Breakeven", path: "..")],
  targets: [
    .target(
      name: "fuzz-readers", dependencies: [.product(name: "BreakevenTraces", package: "Breakeven")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
