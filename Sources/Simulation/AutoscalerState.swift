// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of one pool's scaling: how many replicas are wanted, and what was recommended of late.

/// How many replicas a pool is to have, from evaluation to evaluation.
struct AutoscalerState: BitwiseCopyable {
  /// Nil: a schedule decides, or nothing does.
  var autoscaler: Autoscaler?
  var spares = 0
  /// Replicas wanted, spares included.
  var wanted = 0
  /// Evaluations made, which time the next without adding up rounding errors.
  var evaluations = 0.0
  /// Where its recommendations lie in the engine's list of them, how many at most, and the place of the next.
  private var start = 0
  private var length = 0
  private var next = 0

  /// What an evaluation would have liked.
  struct Recommendation: BitwiseCopyable {
    var time = -Double.infinity
    var replicas = 0
  }

  init() {}

  /// - Parameters:
  ///   - start: where its recommendations begin.
  ///   - wanted: replicas at the start; they count as recommended then, so that a whole window passes before the first
  ///     step down.
  init(
    _ pool: PoolConfiguration, start: Int, wanted: Int, recommendations: inout Storage<Recommendation>
  ) {
    if case .autoscale(let autoscaler) = pool.scaling { self.autoscaler = autoscaler }
    spares = pool.spares
    self.wanted = wanted
    self.start = start
    length = Self.historyLength(pool)
    remember(active(of: wanted), at: 0, &recommendations)
  }

  /// Recommendations that can matter at a time.
  static func historyLength(_ pool: PoolConfiguration) -> Int {
    guard case .autoscale(let autoscaler) = pool.scaling else { return 0 }
    let longest = max(autoscaler.scaleUpWindow, autoscaler.scaleDownWindow) / autoscaler.period
    return Int(min(longest, 1e6)) + 2
  }

  /// The replicas of `count` that serve; the others are spares.
  func active(of count: Int) -> Int { count == 0 ? 0 : max(1, count - spares) }

  /// When it evaluates next.
  var nextEvaluation: Double { autoscaler.map { (evaluations + 1) * $0.period } ?? .infinity }

  /// Decides what is wanted from `now` on.
  /// - Parameters:
  ///   - metric: the sum of the metric over the pool.
  ///   - idle: seconds since anything was last asked of the pool.
  /// - Complexity: O(stabilization window / period).
  mutating func evaluate(
    metric: Double, idle: Double, at now: Double, _ recommendations: inout Storage<Recommendation>
  ) {
    evaluations += 1
    guard let autoscaler, wanted > 0 else { return }
    let current = active(of: wanted)
    let floor = max(1, active(of: autoscaler.minimum))
    let ceiling = active(of: autoscaler.maximum)
    var desired = current
    if abs(metric / (autoscaler.target * Double(current)) - 1) > autoscaler.tolerance {
      // HPA computes in thousandths, so that a sum of shares that is whole but for rounding is whole.
      desired = Int(min((metric / autoscaler.target - 1e-9).rounded(.up), Double(ceiling)))
    }
    desired = min(max(desired, floor), ceiling)
    var least = desired
    var greatest = desired
    for index in start..<(start + length) {
      let past = recommendations[index]
      if past.time > now - autoscaler.scaleUpWindow { least = min(least, past.replicas) }
      if past.time > now - autoscaler.scaleDownWindow { greatest = max(greatest, past.replicas) }
    }
    remember(desired, at: now, &recommendations)
    let growth = autoscaler.scaleUpLimit ?? max(4, current)
    let loss = autoscaler.scaleDownLimit ?? current
    var stable = min(max(current, least), greatest)
    stable = min(max(stable, current - loss), current + growth)
    stable = min(max(stable, floor), ceiling)
    let isUnused = autoscaler.minimum == 0 && idle >= autoscaler.cooldown
    wanted = isUnused ? 0 : min(stable + spares, autoscaler.maximum)
  }

  /// Wants a replica where none was wanted, because a request asks for one.
  /// - Returns: whether that changed anything.
  mutating func activate(at now: Double, _ recommendations: inout Storage<Recommendation>) -> Bool {
    guard let autoscaler, wanted == 0, autoscaler.maximum > 0 else { return false }
    wanted = min(1 + spares, autoscaler.maximum)
    remember(1, at: now, &recommendations)
    return true
  }

  private mutating func remember(
    _ replicas: Int, at now: Double, _ recommendations: inout Storage<Recommendation>
  ) {
    if length == 0 { return }
    recommendations[start + next] = Recommendation(time: now, replicas: replicas)
    next = next + 1 == length ? 0 : next + 1
  }
}
