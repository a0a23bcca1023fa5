// SPDX-License-Identifier: GPL-3.0-or-later
// The field's back-of-an-envelope comparison of own GPUs with an API, which every simulation is also held against.

public import Quantities

/// Own GPUs against an API, from prices and one throughput alone: no demand, no queue, no uncertainty.
///
///     self-host per 1M output = GPU-hour price · GPUs / (tokens per second · 3600 · utilization / 1e6)
///     API per 1M output       = output price + R · input price,   R = input tokens per output token
///     break-even utilization  = self-host per 1M output at full utilization / API price
///
/// A break-even utilization over 1 means that self-hosting never pays; it is never clamped. What has no bound is
/// infinite, and `null` in JSON, which knows no infinity.
public struct ClosedFormCosts: Sendable, Hashable {
  /// Self-hosting, $ per 1M output tokens at the given utilization; infinite at utilization 0.
  public let selfHostPerMillionOutput: Double
  /// The API, $ per 1M output tokens with the input tokens that come with them.
  public let apiPerMillionOutput: Double
  /// The utilization at which self-hosting costs what the API asks for output tokens alone.
  public let breakEvenUtilization: Double
  /// The utilization at which self-hosting costs what the API asks for output and input tokens.
  public let breakEvenUtilizationBlended: Double
  /// Whether self-hosting pays at some utilization up to 1 against output tokens alone.
  public let breaksEven: Bool
  /// Whether it does against output and input tokens.
  public let breaksEvenBlended: Bool

  /// The comparison.
  ///
  /// - Parameters:
  ///   - gpuHour: $ per GPU-hour.
  ///   - gpus: GPUs that serve together.
  ///   - outputTokensPerSecond: Output tokens per second that they reach together when saturated.
  ///   - utilization: Share of that throughput that is used, 0 to 1.
  ///   - inputPrice: The API's $ per 1M input tokens.
  ///   - outputPrice: The API's $ per 1M output tokens.
  ///   - inputPerOutput: Input tokens per output token (R).
  /// - Precondition: Nothing is negative or infinite, the throughput is positive, the utilization is at most 1.
  public init(
    gpuHour: Double, gpus: Int, outputTokensPerSecond: Double, utilization: Double = 1,
    inputPrice: Double = 0, outputPrice: Double, inputPerOutput: Double = 0
  ) {
    for (name, value) in [
      ("GPU-hour price", gpuHour), ("input price", inputPrice), ("output price", outputPrice),
      ("input tokens per output token", inputPerOutput),
    ] {
      precondition(value >= 0 && value.isFinite, "the \(name) must be 0 or more, not \(value)")
    }
    precondition(gpus >= 0, "the number of GPUs must be 0 or more, not \(gpus)")
    precondition(
      outputTokensPerSecond > 0 && outputTokensPerSecond.isFinite,
      "the throughput must be over 0, not \(outputTokensPerSecond)")
    precondition((0...1).contains(utilization), "the utilization must be 0 to 1, not \(utilization)")

    let millionsPerHour = outputTokensPerSecond * 3600 / 1e6
    let atFullUtilization = gpuHour * Double(gpus) / millionsPerHour
    let blendedPrice = outputPrice + inputPerOutput * inputPrice
    // Without utilization nothing is produced: even free GPUs then have no cost per token to show.
    selfHostPerMillionOutput = utilization == 0 ? .infinity : atFullUtilization / utilization
    apiPerMillionOutput = blendedPrice
    breakEvenUtilization = Self.breakEven(atFullUtilization, against: outputPrice)
    breakEvenUtilizationBlended = Self.breakEven(atFullUtilization, against: blendedPrice)
    breaksEven = breakEvenUtilization <= 1
    breaksEvenBlended = breakEvenUtilizationBlended <= 1
  }

  /// What an API charges for tokens.
  ///
  /// - Parameters:
  ///   - input: Input tokens.
  ///   - output: Output tokens.
  ///   - inputPrice: $ per 1M input tokens.
  ///   - outputPrice: $ per 1M output tokens.
  public static func apiCost(
    input: Tokens, output: Tokens, inputPrice: Double, outputPrice: Double
  ) -> Dollars {
    Dollars(input.rawValue / 1e6 * inputPrice + output.rawValue / 1e6 * outputPrice)
  }

  /// Free GPUs pay from the start, even against a free API (0 / 0); others never pay against a free API.
  private static func breakEven(_ selfHost: Double, against price: Double) -> Double {
    selfHost == 0 ? 0 : selfHost / price
  }
}

extension ClosedFormCosts: Encodable {
  private enum CodingKeys: String, CodingKey {
    case selfHostPerMillionOutput
    case apiPerMillionOutput
    case breakEvenUtilization
    case breakEvenUtilizationBlended
    case breaksEven
    case breaksEvenBlended
  }

  /// Writes every field under its own name, infinities as null.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.finite(selfHostPerMillionOutput), forKey: .selfHostPerMillionOutput)
    try container.encode(Self.finite(apiPerMillionOutput), forKey: .apiPerMillionOutput)
    try container.encode(Self.finite(breakEvenUtilization), forKey: .breakEvenUtilization)
    try container.encode(Self.finite(breakEvenUtilizationBlended), forKey: .breakEvenUtilizationBlended)
    try container.encode(breaksEven, forKey: .breaksEven)
    try container.encode(breaksEvenBlended, forKey: .breaksEvenBlended)
  }

  private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
