// SPDX-License-Identifier: GPL-3.0-or-later
// What was really spent, from a log in one pass: by model, by use case, and in all.

/// Adds up a log's usage by model and by use case.
///
///     var summary = UsageSummary(cacheTimeToLive: 3600)
///     while try trace.next(into: &batch) {
///       for record in batch.records { summary.add(record, price: prices[Int(record.model)]) }
///     }
///     print(summary.total.dollars ?? .nan)
///
/// Prices come from outside, for a log knows names and a price book knows models.
public struct UsageSummary: Sendable {
  /// So many names of models, and of use cases, have figures of their own; names that appear later share those of the
  /// last, so that a log with a name a user stays within some 100 MB.
  public static let mostNames = 1000

  /// The whole log.
  public private(set) var total = UsageFigures()
  /// By the number of the model that records and stretches point to; `mostNames` at most.
  public private(set) var models: [UsageFigures] = []
  /// By the number of the use case that records point to; `mostNames` at most.
  public private(set) var useCases: [UsageFigures] = []
  private var cache: ResponseCacheTrial

  /// Nothing yet.
  /// - Parameter cacheTimeToLive: for how many seconds a cache of answers would know one, 0 to 1e9.
  public init(cacheTimeToLive: Double) { cache = ResponseCacheTrial(timeToLive: cacheTimeToLive) }

  /// Adds a request; requests come in order of time.
  /// - Parameter price: what its model costs, where the record itself tells no dollars.
  /// - Complexity: O(1).
  public mutating func add(_ record: TraceRecord, price: TokenPrice?) {
    let isRepetition =
      record.content != 0 && !record.hasFailed && !record.wasCached && cache.answers(record)
    total.add(record, price: price, isRepetition: isRepetition)
    let model = Self.place(record.model, in: &models)
    models[model].add(record, price: price, isRepetition: isRepetition)
    let useCase = Self.place(record.useCase, in: &useCases)
    useCases[useCase].add(record, price: price, isRepetition: isRepetition)
  }

  /// Adds a stretch of time, which has no use case.
  /// - Parameter price: what its model costs.
  /// - Complexity: O(1).
  public mutating func add(_ bucket: UsageBucket, price: TokenPrice?) {
    total.add(bucket, price: price)
    let model = Self.place(bucket.model, in: &models)
    models[model].add(bucket, price: price)
  }

  /// The place of a name's figures, made where there are none.
  private static func place(_ number: UInt16, in figures: inout [UsageFigures]) -> Int {
    let place = min(Int(number), mostNames - 1)
    while figures.count <= place { figures.append(UsageFigures()) }
    return place
  }
}
