// SPDX-License-Identifier: GPL-3.0-or-later
// A SkyPilot catalog (`vms.csv`): one row for each instance type, region and zone, in US dollars per instance-hour. The
// order of the columns differs by cloud, so they are read by name.

import Catalog
import Quantities
import TextFormats
import YAMLDocument

/// Reads SkyPilot catalogs.
enum SkyPilotImport {
  /// One row whose GPU the catalog has; dollars per GPU-hour.
  private struct Offer {
    var instance: String
    var zone: String
    var count: Double
    var onDemand: Double?
    var spot: Double?
    var line: TextProblem
  }

  /// A GPU in a region of a cloud.
  private struct Market: Hashable, Comparable {
    var gpu: String
    var cloud: String
    var region: String

    /// The name of the region in a price book, which knows no clouds.
    var id: String { "\(cloud)-\(region)" }

    static func < (left: Market, right: Market) -> Bool {
      (left.gpu, left.id) < (right.gpu, right.id)
    }
  }

  /// A price as it stands in a row.
  private struct Quote {
    var isEmpty: Bool
    var dollars: Double?
    /// A problem of the field that is yet to be told.
    var place: TextProblem
  }

  /// A row of the table.
  private struct Row {
    var gpu: String
    var instance: String
    var cloud: String?
    var region: String
    var zone: String
    var count: Double?
    var onDemand: Quote
    var spot: Quote?
    var cloudPlace: TextProblem
    var regionPlace: TextProblem
    var countPlace: TextProblem

    init(_ table: borrowing CSVReader, _ columns: Columns) {
      gpu = table.string(columns.gpu)
      instance = ""
      if let column = columns.instance { instance = table.string(column) }
      if let column = columns.cloud, !table.isEmpty(column) { cloud = table.string(column) }
      region = table.string(columns.region)
      zone = ""
      if let column = columns.zone { zone = table.string(column) }
      count = table.number(columns.count)
      onDemand = Row.quote(table, columns.price)
      if let column = columns.spot { spot = Row.quote(table, column) }
      cloudPlace = table.problem(at: columns.cloud ?? 0, "")
      regionPlace = table.problem(at: columns.region, "")
      countPlace = table.problem(at: columns.count, "")
    }

    private static func quote(_ table: borrowing CSVReader, _ column: Int) -> Quote {
      Quote(
        isEmpty: table.isEmpty(column), dollars: table.number(column), place: table.problem(at: column, ""))
    }
  }

  /// The columns that are read, by their places.
  private struct Columns {
    var gpu: Int
    var count: Int
    var price: Int
    var spot: Int?
    var region: Int
    var instance: Int?
    var zone: Int?
    var cloud: Int?

    init(_ table: borrowing CSVReader) throws(TextProblem) {
      gpu = try table.requiredColumn("AcceleratorName")
      count = try table.requiredColumn("AcceleratorCount")
      price = try table.requiredColumn("Price")
      region = try table.requiredColumn("Region")
      spot = table.column("SpotPrice")
      instance = table.column("InstanceType")
      zone = table.column("AvailabilityZone")
      cloud = table.column("Cloud")
    }
  }

  /// No GPU-hour costs more: a greater number is a price of a month, or in cents.
  private static let mostDollarsPerHour = 1000.0
  /// No GPU-hour with a price costs less: a smaller number is a slip of the exponent.
  private static let leastDollarsPerHour = 1e-4
  /// GPUs of one instance; some clouds rent parts of a GPU.
  private static let counts = 0.01...1024

  static func prices(
    in text: consuming TextReader, for request: PriceImportRequest
  ) throws(PriceListProblems) -> ImportedPrices {
    var result = ImportedPrices()
    var problems: [TextProblem] = []
    var markets: [Market: [Offer]] = [:]
    // GPUs priced without their instance tell nothing of what an hour costs, but something of what is out of line.
    var partial: [Market: [Offer]] = [:]
    do throws(TextProblem) {
      var table = try CSVReader(text)
      let columns = try Columns(table)
      if columns.cloud == nil, request.provider == nil {
        throw TextProblem(
          file: table.text.file, line: 1, column: 1,
          message: "no column names the cloud; say which it is with --provider, such as aws")
      }
      while try table.nextRecord() {
        let row = Row(table, columns)
        guard let (market, offer) = offer(in: row, request, &result, &problems) else { continue }
        if isPartial(offer.instance) {
          result.leave("\(market.id) \(market.gpu)", .noInstance)
          partial[market, default: []].append(offer)
        } else {
          markets[market, default: []].append(offer)
        }
      }
    } catch {
      throw PriceListProblems(problems: problems + [error])
    }
    for (market, offers) in markets.sorted(by: { $0.key < $1.key }) {
      let kept = withoutRepeats(offers, market, &result, &problems)
      result.entries += entries(kept, market, request, &result)
    }
    if !problems.isEmpty {
      throw PriceListProblems(problems: problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }
    result.warnings = outliers(markets.merging(partial) { $0 + $1 })
    return result
  }

  /// Whether a row prices GPUs without the instance that they are in.
  private static func isPartial(_ instance: String) -> Bool { instance.isEmpty || instance.hasPrefix("(") }

  /// The offer in a row; nil where there is none to import, which is then told.
  private static func offer(
    in row: Row, _ request: PriceImportRequest, _ result: inout ImportedPrices,
    _ problems: inout [TextProblem]
  ) -> (Market, Offer)? {
    guard !row.gpu.isEmpty else {
      result.leave(row.instance, .noGPU)
      return nil
    }
    guard let gpu = gpu(row.gpu, instance: row.instance, request.reference) else {
      result.leave(row.gpu, .unknownGPU)
      return nil
    }
    let cloud = (row.cloud ?? request.provider ?? "").lowercased()
    if let wanted = request.provider, wanted.lowercased() != cloud {
      result.leave(cloud, .otherProvider)
      return nil
    }
    let market = Market(gpu: gpu, cloud: cloud, region: row.region)
    var wrong: [TextProblem] = []
    if cloud.isEmpty {
      wrong.append(row.cloudPlace.saying("the row names no cloud; say which it is, there or with --provider"))
    } else if market.region.isEmpty || !DecodingContext.isIdentifier(market.id) {
      wrong.append(
        row.regionPlace.saying("the region is no name; a name has letters, digits, `-`, `_` and `.`"))
    }
    let count = row.count ?? 0
    let isCount = counts.contains(count)
    if !isCount {
      wrong.append(row.countPlace.saying("the number of GPUs must be from 0.01 to 1024"))
    }
    let onDemand = price(row.onDemand, isCount ? count : nil, &wrong)
    let spot = row.spot.flatMap { price($0, isCount ? count : nil, &wrong) }
    problems += wrong
    guard wrong.isEmpty else { return nil }
    let offer = Offer(
      instance: row.instance, zone: row.zone, count: count,
      onDemand: onDemand.flatMap { $0 > 0 ? $0 / count : nil },
      spot: spot.flatMap { $0 > 0 ? $0 / count : nil }, line: row.onDemand.place)
    guard offer.onDemand != nil || offer.spot != nil else {
      let isFree = onDemand != nil || spot != nil
      result.leave("\(market.id) \(row.instance)", isFree ? .free : .unpriced)
      return nil
    }
    return (market, offer)
  }

  /// Dollars per instance-hour; nil where there are none, or what is there is wrong.
  /// - Parameter count: the instance's GPUs; nil where that is wrong.
  private static func price(_ quote: Quote, _ count: Double?, _ problems: inout [TextProblem]) -> Double? {
    if quote.isEmpty { return nil }
    guard let dollars = quote.dollars else {
      problems.append(quote.place.saying("the price is not a number; write $ per instance-hour"))
      return nil
    }
    let hour = count.map { dollars / $0 }
    guard dollars >= 0,
      hour.map({ $0 == 0 || (leastDollarsPerHour...mostDollarsPerHour).contains($0) }) ?? true
    else {
      let bound = (hour ?? 0) > mostDollarsPerHour ? "more" : "less"
      let what = dollars < 0 ? "negative" : "\(plain(dollars)), \(bound) than any hour of its GPUs costs"
      problems.append(quote.place.saying("the price is \(what); write $ per instance-hour"))
      return nil
    }
    return dollars
  }

  /// The catalog's GPU of a row. A card for PCIe is another GPU than a module, which only the instance's name may tell.
  private static func gpu(_ name: String, instance: String, _ reference: ReferenceData) -> String? {
    let isCard = instance.lowercased().contains("pcie") && !name.lowercased().contains("pcie")
    return reference.accelerator(named: isCard ? "\(name)-PCIe" : name)?.id
  }

  /// The offers without those that stand twice. Two prices of the same instance type in the same zone are a problem.
  private static func withoutRepeats(
    _ offers: [Offer], _ market: Market, _ result: inout ImportedPrices, _ problems: inout [TextProblem]
  ) -> [Offer] {
    var first: [String: Offer] = [:]
    var kept: [Offer] = []
    for offer in offers {
      let key = "\(offer.instance) \(offer.zone)"
      guard let earlier = first[key] else {
        first[key] = offer
        kept.append(offer)
        continue
      }
      if (earlier.onDemand, earlier.spot, earlier.count) == (offer.onDemand, offer.spot, offer.count) {
        result.leave("\(market.id) \(offer.instance)", .repeated)
      } else {
        problems.append(
          offer.line.saying(
            "\(offer.instance) in \(market.region) \(offer.zone) has another price or number of GPUs on line "
              + "\(earlier.line.line); keep one of the rows"))
      }
    }
    return kept
  }

  /// The prices of the cheapest instance type of a market: on demand, and over its zones as spot.
  private static func entries(
    _ offers: [Offer], _ market: Market, _ request: PriceImportRequest, _ result: inout ImportedPrices
  ) -> [BookEntry] {
    func rank(_ offer: Offer) -> (Double, Double, String) {
      (offer.onDemand ?? .infinity, offer.spot ?? .infinity, offer.instance)
    }
    guard let cheapest = offers.min(by: { rank($0) < rank($1) }) else { return [] }
    let chosen = offers.filter { $0.instance == cheapest.instance }
    for other in offers where other.instance != cheapest.instance {
      result.leave("\(market.id) \(other.instance)", .dearerInstance)
    }
    let gpus = cheapest.count == 1 ? "1 GPU" : "\(BookValue.number(cheapest.count).text) GPUs"
    let source =
      "\(PriceListFormat.skypilot.title): \(market.cloud) \(market.region), \(cheapest.instance) with \(gpus)"
    func entry(_ purchase: PurchaseType, _ quotes: [Double], _ note: String) -> BookEntry {
      BookEntry(
        path: ["gpu_hour", market.gpu, "regions", market.id, purchase.rawValue],
        fields: [
          BookField("amount", .price(of: quotes)), BookField("source", .quoted(source + note)),
          BookField("verified_on", .bare(request.verifiedOn.description)),
        ])
    }
    var entries: [BookEntry] = []
    // Rows of zones repeat the price on demand: it counts once.
    let onDemand = Set(chosen.compactMap(\.onDemand)).sorted()
    if !onDemand.isEmpty { entries.append(entry(.onDemand, onDemand, "")) }
    let spot = chosen.compactMap(\.spot)
    func zones(_ count: Int) -> String {
      count == 1 ? "" : "; lowest\(count == 2 ? "" : ", median") and highest of \(count) zones"
    }
    if !spot.isEmpty, chosen.allSatisfy({ $0.spot == nil || $0.spot == $0.onDemand }) {
      for _ in spot { result.leave("\(market.id) \(cheapest.instance)", .noDiscount) }
    } else if !spot.isEmpty {
      entries.append(entry(.spot, spot, zones(spot.count)))
    }
    return entries
  }

  /// How many times its sisters' price that of a region may be before somebody should look at it.
  private static let outlierFactor = 2.0

  /// Regions whose price on demand is far from that of the cloud's other regions.
  private static func outliers(_ markets: [Market: [Offer]]) -> [TextProblem] {
    struct Region {
      var market: Market
      var price: Double
      var line: TextProblem
    }
    var groups: [String: [Region]] = [:]
    for (market, offers) in markets.sorted(by: { $0.key < $1.key }) {
      let priced = offers.filter { $0.onDemand != nil }
      guard let cheapest = priced.min(by: { ($0.onDemand ?? 0) < ($1.onDemand ?? 0) }),
        let price = cheapest.onDemand
      else { continue }
      groups["\(market.gpu) \(market.cloud)", default: []].append(
        Region(market: market, price: price, line: cheapest.line))
    }
    var warnings: [TextProblem] = []
    for (_, regions) in groups.sorted(by: { $0.key < $1.key }) where regions.count > 1 {
      let sorted = regions.map(\.price).sorted()
      let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
      for region in regions {
        let sister = regions.count == 2 ? sorted[0] + sorted[1] - region.price : median
        // Of two, the cheaper one is told: a price is more often left out in part than counted twice.
        guard max(region.price / sister, sister / region.price) > outlierFactor,
          regions.count > 2 || region.price < sister
        else { continue }
        warnings.append(
          region.line.saying(
            "$\(cents(region.price)) for an hour of \(region.market.gpu) in \(region.market.id) is far from "
              + "$\(cents(sister)) in the cloud's other regions; is it the same product?"))
      }
    }
    return warnings.sorted { $0.line < $1.line }
  }

  private static func cents(_ price: Double) -> String {
    BookValue.number((price * 100).rounded() / 100).text
  }
}

extension BookValue {
  /// The text of a plain value, empty for others.
  fileprivate var text: String { if case .bare(let text) = self { text } else { "" } }
}

extension TextProblem {
  /// A problem of the same place.
  fileprivate func saying(_ message: String) -> TextProblem {
    var problem = self
    problem.message = message
    return problem
  }
}
