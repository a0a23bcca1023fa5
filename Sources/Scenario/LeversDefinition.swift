// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of the steps from the costliest way of serving to its own, for the parts that no option states.

/// The levers of an option: how it came to be as cheap as it is.
public struct LeversDefinition: Sendable, Hashable {
  /// The id of the option that has all levers pulled.
  public var option: String
  /// The id of the model that answers everything before requests are routed; nil for the one of most parameters among
  /// those that answer a use case.
  public var largestModel: String?
  /// The cache of answers, where the option has none.
  public var cache: ResponseCacheDefinition?
  /// The interruptions of spot, where the option has no spot fleet.
  public var spot: SpotDefinition?
  /// The most tokens of an answer, beside the other levers; nil to leave that out.
  public var capOutputTokens: Int?
  /// The share of every prompt that is left out, beside the other levers; nil to leave that out.
  public var trimInputShare: Double?

  /// The levers of an option, with what it states itself.
  public init(option: String) { self.option = option }
}
