// SPDX-License-Identifier: GPL-3.0-or-later
// The page: well-formed, self-contained, said in words, and safe whatever the names are.

import Decision
import Foundation
import Reporting
import Testing

@Suite("Report page")
struct ReportPageTests {
  static func page(_ result: PlanResult) throws -> (page: PageReader, source: String) {
    let files = try rendered(result)
    let bytes = try #require(files["report.html"])
    let (page, error) = PageReader.read(bytes)
    #expect(error == nil, "\(String(describing: error))")
    return (page, String(decoding: bytes, as: UTF8.self))
  }

  /// Results with something missing or extreme; every one of them is still a report.
  static let variants: [(String, PlanResult)] = {
    var variants: [(String, PlanResult)] = []
    func add(_ name: String, _ change: (inout PlanResult) -> Void) {
      var result = Fixture.result
      change(&result)
      variants.append((name, result))
    }
    add("as it is") { _ in }
    add("everything there is") { $0 = Fixture.detailed() }
    add("today's option recommended") { $0.decision.option = $0.decision.baseline }
    add("one option") { result in
      result.options = [result.options[0]]
      result.decision.option = result.options[0].name
      result.alongVolume = []
      result.breakEvens = []
    }
    add("nothing but costs") { result in
      result.alongVolume = []
      result.breakEvens = []
      result.assumptions = []
      result.warnings = []
      result.demand = DemandSummary(
        hourOfWeekRate: Array(repeating: 0, count: 168), useCases: [], monthly: [])
      for index in result.options.indices {
        result.options[index].supplies = []
        result.options[index].latency = []
        result.options[index].monthly = []
        result.options[index].components = []
      }
    }
    add("everything free") { result in
      let free = Spread(mean: 0, p10: 0, p50: 0, p90: 0, p95: 0)
      for index in result.options.indices {
        result.options[index].totalCost = free
        result.options[index].costQuantiles = Array(repeating: 0, count: 101)
        result.options[index].components = []
      }
    }
    add("a saving that is a loss") { $0.decision.savingAgainstBaseline.mean = -40_000 }
    add("more of everything") { result in
      let options = (0..<21).map { index -> OptionResult in
        var option = result.options[index % 7]
        if index >= 7 {
          option.name += "-\(index)"
          option.title += ", variant \(index)"
          option.totalCost.mean *= 1 + Double(index) / 50
        }
        return option
      }
      result.options = options
      result.alongVolume = result.alongVolume.map { point in
        VolumePoint(
          volume: point.volume, outputTokensPerDay: point.outputTokensPerDay,
          probabilityCheapest: (0..<21).map { point.probabilityCheapest[$0 % 7] / 3 },
          medianCost: (0..<21).map { point.medianCost[$0 % 7] },
          serviceLevel: (0..<21).map { point.serviceLevel[$0 % 7] })
      }
      result.warnings = (0..<12).map {
        "Warning number \($0), which goes on for a while to say what is wrong."
      }
      result.breakEvens += result.breakEvens
      for index in result.options.indices {
        result.options[index].components += (0..<6).map {
          CostComponent(component: "Small part \($0)", mean: 10)
        }
      }
    }
    return variants
  }()

  @Test("every variant is well-formed, under 1.5 MB, and its ids are unique", arguments: variants.map(\.0))
  func wellFormed(name: String) throws {
    let result = try #require(Self.variants.first { $0.0 == name }?.1)
    let (page, source) = try Self.page(result)
    #expect(source.utf8.count < 1_500_000)
    #expect(Set(page.ids).count == page.ids.count)
    for key in ["d", "x", "y", "width", "height", "cx", "cy", "r"] {
      // What is not finite would be written as a dash.
      #expect((page.attributes[key] ?? []).allSatisfy { !$0.contains("–") }, "\(key)")
    }
    #expect(page.headline == result.decision.sentence)
    for target in page.attributes["href"] ?? [] {
      #expect(target.hasPrefix("#") && page.ids.contains(String(target.dropFirst())), "\(target)")
    }
  }

  @Test("nothing is loaded and nothing runs", arguments: variants.map(\.0))
  func selfContained(name: String) throws {
    let result = try #require(Self.variants.first { $0.0 == name }?.1)
    let (page, source) = try Self.page(result)
    for element in ["script", "link", "iframe", "object", "embed", "img", "base", "form"] {
      #expect(page.elements[element] == nil, "\(element)")
    }
    #expect(page.attributes["src"] == nil)
    #expect(!page.style.contains("url(") && !page.style.contains("@import"))
    #expect(page.attributes.keys.allSatisfy { !$0.hasPrefix("on") && $0 != "style" })
    for (name, values) in page.attributes where name != "xmlns" && name != "aria-label" {
      #expect(values.allSatisfy { !$0.hasPrefix("http") && !$0.hasPrefix("javascript:") }, "\(name)")
    }
    #expect(source.contains("default-src 'none'"))
  }

  @Test("every chart is named and described, at most 15 kB, and drawn for wide and for narrow pages")
  func charts() throws {
    let (page, source) = try Self.page(Fixture.result)
    #expect(page.images.count == 18)
    for image in page.images {
      #expect(image.role == "img")
      #expect(image.title.count > 10 && image.description.count > 30)
      #expect(!image.description.contains("<"))
    }
    for part in source.components(separatedBy: "<svg ").dropFirst() {
      let size = part.components(separatedBy: "</svg>")[0].utf8.count + 11
      #expect(size <= 15_000, "\(part.prefix(80)): \(size)")
    }
  }

  @Test("the first page is cut to a sheet, and says where the rest is")
  func firstPage() throws {
    let result = try #require(Self.variants.first { $0.0 == "more of everything" }?.1)
    let (page, source) = try Self.page(result)
    let first = source.components(separatedBy: "id='details'")[0]
    #expect(first.components(separatedBy: "<li>").count - 1 <= 9)
    #expect(first.components(separatedBy: "<tr").count - 1 <= 10)
    #expect(page.text.contains("9 of 21"))
    #expect(page.text.contains("8 more under"))
    for warning in result.warnings { #expect(page.text.contains(warning)) }
    for option in result.options { #expect(page.text.contains(option.title)) }
    let shown = try #require(page.tables.first).dropFirst().map { $0[0] }
    #expect(shown.contains { $0.contains("recommended") } && shown.contains { $0.contains("today") })
  }

  @Test("the findings are computed: another result, other sentences")
  func findings() throws {
    var result = Fixture.result
    let (before, _) = try Self.page(result)
    #expect(before.text.contains("Demand peaks on Tue at 16:00 UTC"))
    #expect(before.text.contains("6 of 7 options serve 95\u{202F}% of requests within their objective"))
    result.demand.hourOfWeekRate[24 * 5 + 3] = 500
    result.options[0].meetsServiceLevel = false
    let (after, _) = try Self.page(result)
    #expect(after.text.contains("Demand peaks on Sat at 3:00 UTC with 500 requests per second"))
    #expect(after.text.contains("5 of 7 options serve 95\u{202F}% of requests within their objective"))
  }

  @Test("the share of futures above a cost is read from the distribution")
  func distributionFinding() throws {
    var result = Fixture.result
    // Uniform from 0 to 100: P90 of the recommended option is 90, so 40 of 100 futures of 50…150 lie above it … 60 %.
    result.options[6].costQuantiles = (0...100).map(Double.init)
    result.options[6].totalCost = Spread(mean: 50, p10: 10, p50: 50, p90: 90, p95: 95)
    result.options[0].costQuantiles = (0...100).map { Double($0) + 50 }
    let (page, _) = try Self.page(result)
    #expect(
      page.text.contains("costs at most $90; Bedrock on demand costs more than that in 60\u{202F}% of them."))
  }

  @Test("what it takes to run again is on the page")
  func provenance() throws {
    var result = Fixture.result
    let (page, _) = try Self.page(result)
    for text in [
      result.run.scenarioDigest, result.run.catalogDigest, "20261201", "Breakeven 0.1.0",
      "breakeven plan workloads/support-assistant.yaml --seed 20261201 --draws 2048",
    ] {
      #expect(page.text.contains(text), "\(text)")
    }
    result.run.command = "breakeven plan 'it'\\''s <b>.yaml'"
    let (hostile, _) = try Self.page(result)
    #expect(hostile.text.contains("breakeven plan 'it'\\''s <b>.yaml'"))
  }
}

@Suite("Hostile names")
struct HostileNameTests {
  static let names = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a,b\n\"c\"", "=HYPERLINK(\"http://x\")",
    "-1+1",
    "שלום עולם", "x\u{202E}gnp.exe", "]]></style><b>", "&lt;", String(repeating: "very long ", count: 60),
    "😀", "' or 1=1",
  ]

  static func result(_ name: String) -> PlanResult {
    var result = Fixture.result
    result.run.title = name
    result.run.representation = name
    result.decision.sentence = name
    result.warnings = [name]
    for index in result.options.indices {
      result.options[index].title = "\(name) \(index)"
      result.options[index].components[0].component = name
      result.options[index].supplies[0].name = name
      result.options[index].latency[0].useCase = name
      for month in result.options[index].monthly.indices {
        result.options[index].monthly[month].components[0].component = name
      }
    }
    result.options[3].name = name
    for index in result.breakEvens.indices {
      result.breakEvens[index].option =
        result.breakEvens[index].option == "self-hosted-fp8" ? name : "spot-fp8"
      result.breakEvens[index].finding = name
    }
    result.demand.useCases[0].name = name
    for index in result.assumptions.indices {
      result.assumptions[index].source = name
      result.assumptions[index].unit = name
      result.assumptions[index].name = name
    }
    return result
  }

  @Test("stay text in the page", arguments: names)
  func page(name: String) throws {
    let (page, _) = try ReportPageTests.page(Self.result(name))
    let (plain, _) = try ReportPageTests.page(Self.result("harmless"))
    #expect(page.headline == name)
    #expect(page.text.contains(name))
    // The same elements as with a harmless name, but for labels and paths broken into more lines.
    for (element, count) in plain.elements
    where !["text", "tspan", "path", "rect", "defs", "pattern", "wbr"].contains(element) {
      #expect(page.elements[element] == count, "\(element)")
    }
    #expect(Set(page.elements.keys).subtracting(["wbr"]).isSubset(of: plain.elements.keys))
    #expect(Set(page.attributes.keys) == Set(plain.attributes.keys))
  }

  @Test("come back from the tables, neutralized where they were formulas", arguments: names)
  func tables(name: String) throws {
    let files = try rendered(Self.result(name))
    let isFormula = "=+-@".contains(name.prefix(1)) && !name.isEmpty
    let expected = isFormula ? "'" + name : name
    let option = CSVReader.records(try #require(files["options.csv"]))[3]
    #expect(option["option"] == expected)
    #expect(CSVReader.records(try #require(files["components.csv"])).contains { $0["component"] == expected })
    #expect(CSVReader.records(try #require(files["supplies.csv"])).first?["supply"] == expected)
    #expect(CSVReader.records(try #require(files["assumptions.csv"])).first?["source"] == expected)
    #expect(CSVReader.records(try #require(files["break_even.csv"])).first?["finding"] == expected)
  }

  @Test("come back from the document as they were", arguments: names)
  func document(name: String) throws {
    let result = Self.result(name)
    #expect(try ResultDocument.decode(ResultDocument.encode(result)) == result)
  }
}
