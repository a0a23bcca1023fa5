// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers for the texts of requests, no two use cases' alike.

/// The numbers of one use case's contents: first the groups' texts, then the popular prompts, then all that is new, in
/// the order in which it comes about. Where 2^32 are used up, the oldest new ones are taken again.
struct ContentNumbers: Sendable, BitwiseCopyable {
  /// The number before the first.
  private let base: UInt32
  private let groups: UInt32
  private let fixed: UInt32
  private let span: UInt32
  private var used: UInt32 = 0

  /// The numbers of a use case among others.
  init(useCase: Int, of useCases: Int, groups: Int, popular: Int) {
    span = UInt32.max / UInt32(max(useCases, 1))
    base = UInt32(useCase) * span
    self.groups = UInt32(groups)
    fixed = UInt32(groups) + UInt32(popular)
    precondition(fixed < span, "\(groups) groups and \(popular) popular prompts")
  }

  func group(_ rank: Int) -> UInt32 { base + 1 + UInt32(rank) }

  func popular(_ rank: Int) -> UInt32 { base + 1 + groups + UInt32(rank) }

  mutating func fresh() -> UInt32 {
    if used == span - fixed { used = 0 }
    used += 1
    return base + fixed + used
  }

  /// The number of a trace's content in one of its repetitions.
  /// - Parameter width: the greatest content of the trace.
  func row(_ content: UInt32, repetition: Int, width: UInt32) -> UInt32 {
    if content == 0 { return 0 }
    let repetitions = max(1, Int((span - fixed) / max(width, 1)))
    return base + fixed + UInt32(repetition % repetitions) * width + content
  }
}
