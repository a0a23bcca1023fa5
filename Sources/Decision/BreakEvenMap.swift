// SPDX-License-Identifier: GPL-3.0-or-later
// Two axes at once: a plan is rarely wrong about one thing alone.

/// Who is cheapest, and how likely an option costs less than another, over volume and the price of GPUs.
public struct BreakEvenMap: Codable, Sendable, Hashable {
  /// The option whose chance to cost less is mapped: the recommended one, or the next best where today's is recommended.
  public var option: String
  /// Today's option.
  public var against: String
  /// Multiples of the planned demand, ascending.
  public var volumes: [Double]
  /// Factors on all GPU-hour prices of all options, ascending.
  public var gpuPriceFactors: [Double]
  /// The price of a GPU-hour as planned, $, mean over futures, in the option's own mix of purchases; that of `against`
  /// where the option has no GPUs.
  public var plannedGPUHour: Double
  /// Output tokens per day (first-month demand) at each volume.
  public var outputTokensPerDay: [Double]
  /// By volume, then factor: the place among the options of the one that is cheapest in most futures.
  public var cheapest: [[Int]]
  /// By volume, then factor: the share of futures in which it is the cheapest.
  public var probabilityCheapest: [[Double]]
  /// By volume, then factor: the share of futures in which `option` costs less than `against`; 0 where it misses the
  /// service level at that volume, and 1 where only `against` does.
  public var probabilityCheaper: [[Double]]
  /// By volume: the factor at which `option` costs less in half of the futures; nil where there is none among the
  /// factors mapped.
  public var evenFactor: [Double?]

  /// A map.
  public init(
    option: String, against: String, volumes: [Double], gpuPriceFactors: [Double], plannedGPUHour: Double,
    outputTokensPerDay: [Double], cheapest: [[Int]], probabilityCheapest: [[Double]],
    probabilityCheaper: [[Double]], evenFactor: [Double?]
  ) {
    self.option = option
    self.against = against
    self.volumes = volumes
    self.gpuPriceFactors = gpuPriceFactors
    self.plannedGPUHour = plannedGPUHour
    self.outputTokensPerDay = outputTokensPerDay
    self.cheapest = cheapest
    self.probabilityCheapest = probabilityCheapest
    self.probabilityCheaper = probabilityCheaper
    self.evenFactor = evenFactor
  }
}
