// SPDX-License-Identifier: GPL-3.0-or-later
// What decides how many replicas of a pool are there, in the terms of Kubernetes' HorizontalPodAutoscaler and KEDA.

public import Quantities

/// How a pool grows and shrinks. Its replicas' schedules are `.always` or `.capacity`: the most replicas there can be,
/// and when each can.
public enum PoolScaling: Sendable, Hashable {
  /// So many replicas from each of these times on; in order of time, the first at or before 0.
  case schedule([ScheduledReplicas])
  /// As many as the load asks for.
  case autoscale(Autoscaler)
}

/// A number of replicas from a time on.
public struct ScheduledReplicas: Sendable, Hashable {
  /// From here on; start-up and draining begin here.
  public var start: Seconds
  /// Replicas, spares included.
  public var replicas: Int

  /// A number of replicas from a time on.
  public init(start: Seconds, replicas: Int) {
    precondition(replicas >= 0, "\(replicas) replicas")
    self.start = start
    self.replicas = replicas
  }
}

/// What an autoscaler looks at, summed over a pool's replicas. It is read at each evaluation, as a scraped gauge is.
public enum ScalingMetric: Sendable, Hashable, BitwiseCopyable {
  /// Requests that wait for a place (vLLM's `num_requests_waiting`); with those held at the gateway.
  case queue
  /// Unfinished requests, waiting and running; with those held at the gateway.
  case concurrency
  /// Per serving replica the larger of the shares of `max_num_seqs` and of the KV cache that are in use.
  case utilization
}

/// Where a request goes that comes while no replica of its pool serves.
public enum EmptyPoolPolicy: Sendable, Hashable, BitwiseCopyable {
  /// It waits at the gateway for the next replica that starts up; where none is starting up nor can, it overflows.
  case hold
  /// To the next supply.
  case overflow
}

/// An autoscaler.
///
/// At each evaluation the wanted replicas are `ceil(current × metric / target)`, the metric being the mean over the
/// current replicas, those starting up included with 0; nothing changes while the metric is within `tolerance` of the
/// target, and what is wanted is the least of the recommendations within the stabilization window on the way up and
/// the greatest on the way down (Kubernetes documentation, Horizontal Pod Autoscaling, "Algorithm details" and
/// "Stabilization window"). An evaluation never leaves fewer than one replica, unless nothing has been asked of the
/// pool for `cooldown` and `minimum` is 0 (KEDA documentation, Scaling Deployments, `cooldownPeriod`); from none, the
/// first request that asks starts one at once.
public struct Autoscaler: Sendable, Hashable, BitwiseCopyable {
  /// What it looks at.
  public var metric: ScalingMetric
  /// What it wants of each replica: requests, or a share from 0 to 1.
  public var target: Double
  /// Fewest replicas, spares included; 0 allows none at all.
  public var minimum: Int
  /// Most replicas, spares included; no more than the pool has schedules.
  public var maximum: Int
  /// Replicas at the start, spares included; they serve from the first instant.
  public var initial: Int
  /// Seconds between evaluations.
  public var period: Double
  /// The relative distance of the metric from its target that nothing is done about.
  public var tolerance: Double
  /// The stabilization window on the way up, seconds.
  public var scaleUpWindow: Double
  /// The stabilization window on the way down, seconds.
  public var scaleDownWindow: Double
  /// Seconds without a request in the pool before its last replica goes.
  public var cooldown: Double
  /// Most replicas that one evaluation adds; nil: the greater of 4 and as many as there are, as HPA does.
  public var scaleUpLimit: Int?
  /// Most replicas that one evaluation takes away; nil: all, as HPA does.
  public var scaleDownLimit: Int?
  /// What happens to requests while no replica serves.
  public var whenEmpty: EmptyPoolPolicy

  /// An autoscaler with HPA's and KEDA's defaults.
  public init(
    metric: ScalingMetric, target: Double, minimum: Int, maximum: Int, initial: Int,
    period: Seconds = Seconds(15), tolerance: Double = 0.1, scaleUpWindow: Seconds = .zero,
    scaleDownWindow: Seconds = Seconds(300), cooldown: Seconds = Seconds(300), scaleUpLimit: Int? = nil,
    scaleDownLimit: Int? = nil, whenEmpty: EmptyPoolPolicy = .hold
  ) {
    precondition(target > 0 && target.isFinite, "an autoscaling target of \(target)")
    precondition(0 <= minimum && minimum <= maximum, "from \(minimum) to \(maximum) replicas")
    precondition(period.rawValue > 0, "an evaluation every \(period.rawValue) s")
    precondition(tolerance >= 0, "a tolerance of \(tolerance)")
    precondition(
      scaleUpWindow >= .zero && scaleDownWindow >= .zero && cooldown >= .zero, "a negative window")
    precondition((scaleUpLimit ?? 1) >= 1 && (scaleDownLimit ?? 1) >= 1, "a step of no replica")
    self.metric = metric
    self.target = target
    self.minimum = minimum
    self.maximum = maximum
    self.initial = min(max(initial, minimum), maximum)
    self.period = period.rawValue
    self.tolerance = tolerance
    self.scaleUpWindow = scaleUpWindow.rawValue
    self.scaleDownWindow = scaleDownWindow.rawValue
    self.cooldown = cooldown.rawValue
    self.scaleUpLimit = scaleUpLimit
    self.scaleDownLimit = scaleDownLimit
    self.whenEmpty = whenEmpty
  }
}

/// A change of how many replicas a pool is to have.
public struct ScalingDecision: Sendable, Hashable {
  /// When, seconds from the start of the window.
  public var time: Double
  /// The supply's place in the chain.
  public var supply: Int
  /// The model's index.
  public var model: Int
  /// Replicas wanted from here on, spares included.
  public var replicas: Int

  /// A decision.
  public init(time: Double, supply: Int, model: Int, replicas: Int) {
    self.time = time
    self.supply = supply
    self.model = model
    self.replicas = replicas
  }
}
