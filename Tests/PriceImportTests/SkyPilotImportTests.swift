// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the import of SkyPilot catalogs, against numbers worked out by hand.

import Catalog
import PriceImport
import Testing
import TextFormats

@Suite("Import of SkyPilot catalogs")
struct SkyPilotImportTests {
  private static let header =
    "InstanceType,AcceleratorName,AcceleratorCount,Price,SpotPrice,Region,AvailabilityZone\n"

  private func read(_ rows: String..., provider: String? = "aws") throws -> ImportedPrices {
    try Fixture.read(.skypilot, Self.header + rows.joined(separator: "\n") + "\n", provider: provider)
  }

  private func amounts(_ imported: ImportedPrices) -> [String: BookValue] {
    Dictionary(
      uniqueKeysWithValues: imported.entries.map {
        ($0.path.dropFirst().joined(separator: " "), $0.fields[0].value)
      })
  }

  @Test("an instance's price is divided by its GPUs; spot is a range over zones")
  func perGPU() throws {
    let imported = try read(
      "p5.48xlarge,H100,8,55.04,16,us-east-1,a", "p5.48xlarge,H100,8,55.04,12,us-east-1,b",
      "p5.48xlarge,H100,8,55.04,40,us-east-1,c", "p5.48xlarge,H100,8,60,20,us-west-2,a",
      "p5.48xlarge,H100,8,60,24,us-west-2,b", "p5.48xlarge,H100,8.0,64,,eu-1,a")
    #expect(
      amounts(imported) == [
        "h100-sxm regions aws-us-east-1 on-demand": .bare("6.88"),
        "h100-sxm regions aws-us-east-1 spot": .distribution("pert", [1.5, 2, 5]),
        "h100-sxm regions aws-us-west-2 on-demand": .bare("7.5"),
        "h100-sxm regions aws-us-west-2 spot": .distribution("uniform", [2.5, 3]),
        "h100-sxm regions aws-eu-1 on-demand": .bare("8"),
      ])
    #expect(
      imported.entries.first { $0.path[3] == "aws-us-east-1" }?.fields[1]
        == BookField("source", .quoted("SkyPilot catalog: aws us-east-1, p5.48xlarge with 8 GPUs")))
  }

  @Test("the cheapest instance type speaks for its region, the others are told")
  func cheapest() throws {
    let imported = try read(
      "g6e.8xlarge,L40S,1,4.5,1.4,us-east-1,a", "g6e.xlarge,L40S,1,1.861,1.2,us-east-1,a",
      "g6e.12xlarge,L40S,4,10.4,,us-east-1,a")
    #expect(
      amounts(imported) == [
        "l40s regions aws-us-east-1 on-demand": .bare("1.861"),
        "l40s regions aws-us-east-1 spot": .bare("1.2"),
      ])
    #expect(
      imported.leftOut[.dearerInstance] == ["aws-us-east-1 g6e.8xlarge", "aws-us-east-1 g6e.12xlarge"])
  }

  @Test("a card for PCIe is another GPU than a module")
  func cards() throws {
    let imported = try read(
      "gpu_1x_h100_pcie,H100,1,3.29,,r,", "gpu_1x_h100_sxm5,H100,1,4.29,,r,", "x,H100-SXM,1,4.5,,s,",
      "a100_pcie,A100,1,1,,r,", provider: "lambda")
    #expect(
      Set(amounts(imported).keys) == [
        "h100-pcie regions lambda-r on-demand", "h100-sxm regions lambda-r on-demand",
        "h100-sxm regions lambda-s on-demand",
      ])
    #expect(imported.leftOut[.unknownGPU] == ["A100"])
  }

  @Test("what is no price of a GPU-hour is counted by its reason")
  func leftOut() throws {
    let imported = try read(
      "m5.large,,,0.1,0.03,r,a", "v,V100,8,20,,r,a", ",H100,8,78,17,r,a", "p5,H100,8,,,s,a",
      "k8s,H200,1,0,0,r,a", "rp,L4,1,1.39,1.39,r,a", "rp,L4,1,1.39,1.39,r,a")
    #expect(
      imported.leftOut == [
        .noGPU: ["m5.large"], .unknownGPU: ["V100"], .noInstance: ["aws-r h100-sxm"],
        .unpriced: ["aws-s p5"], .free: ["aws-r k8s"], .noDiscount: ["aws-r rp"], .repeated: ["aws-r rp"],
      ])
    #expect(amounts(imported) == ["l4 regions aws-r on-demand": .bare("1.39")])
  }

  @Test("columns are found by name in any order, and a column may name the cloud")
  func columns() throws {
    let list =
      "Region,Cloud,SpotPrice,Price,AcceleratorCount,AcceleratorName,InstanceType\n"
      + "FIN-02,verda,0.8,2.29,1,H100,1H100\nus-1,nebius,1.25,2.95,1,H100,g\n"
    let all = try Fixture.read(.skypilot, list)
    #expect(
      all.entries.map(\.name) == [
        "gpu_hour.h100-sxm.regions.nebius-us-1.on-demand", "gpu_hour.h100-sxm.regions.nebius-us-1.spot",
        "gpu_hour.h100-sxm.regions.verda-FIN-02.on-demand", "gpu_hour.h100-sxm.regions.verda-FIN-02.spot",
      ])
    let one = try Fixture.read(.skypilot, list, provider: "Verda")
    #expect(one.entries.count == 2 && one.leftOut[.otherProvider] == ["nebius"])
  }

  @Test(
    "a wrong row refuses the catalog, at its place",
    arguments: [
      ("p5,H100,8,-55,16,r,a", "list:2:11: the price is negative"),
      ("p5,H100,8,NaN,16,r,a", "list:2:11: the price is not a number"),
      ("p5,H100,8,$55,16,r,a", "list:2:11: the price is not a number"),
      ("p5,H100,8,55,inf,r,a", "list:2:14: the price is not a number"),
      ("p5,H100,8,1e300,16,r,a", "list:2:11: the price is 1e+300, more than any hour"),
      ("p5,H100,8,1e-300,16,r,a", "list:2:11: the price is 1e-300, less than any hour of its GPUs costs"),
      ("p5,H100,8,5504000,16,r,a", "list:2:11: the price is 5504000, more than any hour"),
      ("p5,H100,0,55,16,r,a", "list:2:9: the number of GPUs must be from 0.01"),
      ("p5,H100,-8,55,16,r,a", "list:2:9: the number of GPUs must be from 0.01"),
      ("p5,H100,0.0001,55,16,r,a", "list:2:9: the number of GPUs must be from 0.01 to 1024"),
      ("p5,H100,many,55,16,r,a", "list:2:9: the number of GPUs must be from 0.01"),
      ("p5,H100,8,55,16,a b,a", "list:2:17: the region is no name"),
      ("p5,H100,8,55,16,,a", "list:2:17: the region is no name"),
      ("p5,H100,8,55", "list:2:11: the row has 4 of 7 columns"),
      (
        "p5,H100,8,55,16,r,a\np5,H100,8,56,16,r,a",
        "list:3:11: p5 in r a has another price or number of GPUs on line 2"
      ),
      (
        "p5,H100,8,55,16,r,a\np5,H100,4,55,16,r,a",
        "list:3:11: p5 in r a has another price or number of GPUs on line 2"
      ),
    ])
  func wrongRows(rows: String, message: String) throws {
    let found = try Fixture.problems(.skypilot, Self.header + rows + "\n", provider: "aws")
    #expect(found.count == 1 && found[0].hasPrefix(message), "\(found)")
  }

  @Test(
    "a table without its cloud or its columns is refused",
    arguments: [
      (header, "say which it is with --provider"), ("", "the file is empty"),
      ("InstanceType,Price\n", "the column AcceleratorName is missing"),
      ("AcceleratorName,AcceleratorCount,Region,Price,Price\n", "stands twice"),
    ])
  func wrongTables(table: String, message: String) throws {
    let found = try Fixture.problems(.skypilot, table)
    #expect(found.count == 1 && found[0].contains(message), "\(found)")
  }

  @Test("every wrong row is told at once, and nothing is half imported")
  func all() throws {
    let rows = "p5,H100,8,-55,16,r,a\np5,H100,8,x,16,s,a\n"
    #expect(try Fixture.problems(.skypilot, Self.header + rows, provider: "aws").count == 2)
  }

  @Test("a row without its cloud is refused, unless the command names the cloud")
  func cloudless() throws {
    let list = "Cloud,AcceleratorName,AcceleratorCount,Price,Region,InstanceType\n,H100,1,3,us-1,i\n"
    #expect(
      try Fixture.problems(.skypilot, list).map { $0.prefix(32) } == ["list:2:1: the row names no cloud"])
    let named = try Fixture.read(.skypilot, list, provider: "nebius")
    #expect(named.entries.map(\.name) == ["gpu_hour.h100-sxm.regions.nebius-us-1.on-demand"])
  }

  @Test("a region far from its sisters is warned of")
  func outliers() throws {
    func warnings(_ prices: Double...) throws -> [String] {
      let rows = prices.enumerated().map { "p,H100,1,\($0.element),,r\($0.offset),a" }
      let list = Self.header + rows.joined(separator: "\n") + "\n"
      return try Fixture.read(.skypilot, list, provider: "aws").warnings.map(\.description)
    }
    #expect(try warnings(6.88, 6.88, 8.6).isEmpty)
    #expect(
      try warnings(9.8, 4.2).map { $0.contains("list:3:10: $4.2 for an hour of h100-sxm in aws-r1") } == [
        true
      ])
    #expect(try warnings(3, 3.1, 9).map { $0.prefix(9) } == ["list:4:10"])
  }

  @Test(
    "the excerpt of AWS gives the prices worked out by hand",
    .enabled(if: Fixture.real("skypilot_aws_excerpt.csv") != nil, "there is no ../shared/data"))
  func aws() throws {
    let imported = try Fixture.read(
      .skypilot, try #require(Fixture.real("skypilot_aws_excerpt.csv")), provider: "aws")
    let found = amounts(imported)
    // 55.04 / 8, 63.296 / 8, 113.9328 / 8, 21.95764 / 8; the middle one of 10.2379, 11.9937… per eight, and so on.
    #expect(found["h100-sxm regions aws-us-east-1 on-demand"] == .bare("6.88"))
    #expect(found["h200-sxm regions aws-us-east-1 on-demand"] == .bare("7.912"))
    #expect(found["b200 regions aws-us-east-2 on-demand"] == .bare("14.2416"))
    #expect(found["a100-40gb regions aws-us-west-2 on-demand"] == .bare("2.744705"))
    // Zones of p5en in us-east-1: 17.2074, 18.2492 and 16.5551.
    #expect(
      found["h200-sxm regions aws-us-east-1 spot"] == .distribution("pert", [2.0693875, 2.150925, 2.28115]))
    // 31.6303 alone in ap-northeast-1, 15.3535 and 10.4392 in eu-north-1.
    #expect(found["h200-sxm regions aws-ap-northeast-1 spot"] == .bare("3.9537875"))
    #expect(found["h200-sxm regions aws-eu-north-1 spot"] == .distribution("uniform", [1.3049, 1.9191875]))
    #expect(imported.leftOut[.unknownGPU] == ["B300"])
    #expect(imported.warnings.isEmpty)
  }

  @Test(
    "the oddity of the other clouds' excerpt is warned of, and none of its GPUs without a host imported",
    .enabled(if: Fixture.real("skypilot_other_excerpt.csv") != nil, "there is no ../shared/data"))
  func others() throws {
    let imported = try Fixture.read(.skypilot, try #require(Fixture.real("skypilot_other_excerpt.csv")))
    let found = amounts(imported)
    #expect(found["h100-sxm regions nebius-eu-north1 on-demand"] == .bare("2.95"))
    #expect(found["h100-sxm regions lambda-us-west-1 on-demand"] == .bare("3.99"))
    #expect(found["h100-sxm regions verda-FIN-02 spot"] == .bare("0.8015"))
    #expect(found["h100-pcie regions lambda-us-west-1 on-demand"] == .bare("3.29"))
    #expect(found["a100-80gb regions runpod-US spot"] == nil)
    #expect(!found.keys.contains { $0.contains("gcp") })
    #expect(imported.leftOutRows[.noInstance] == 5)
    #expect(imported.warnings.map(\.line) == [24])
    // Every row of the excerpt is either part of an entry or accounted for.
    let used = Set(imported.entries.map { $0.path.dropLast() }).count
    let dropped = imported.leftOutRows.filter { $0.key != .noDiscount }.values.reduce(0, +)
    #expect(used + dropped == 27)
  }
}
