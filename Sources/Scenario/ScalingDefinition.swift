// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of pools whose number of replicas changes, and of how long a replica takes to start.

import Catalog

/// What changes the number of a pool's replicas.
public enum ScalingDefinition: Sendable, Hashable {
  /// Replicas in each hour of the week, 168 from Monday 00:00 UTC.
  case schedule([Int])
  /// As the load asks for.
  case autoscale(AutoscaleDefinition)
}

/// What an autoscaler looks at.
public enum ScalingMetricName: String, Sendable, Hashable, CaseIterable {
  /// Requests waiting, per replica.
  case queue
  /// Requests waiting or running, per replica.
  case concurrency
  /// The larger of the shares of `max_num_seqs` and of the KV cache in use, mean of the replicas.
  case utilization
}

/// Where requests go while no replica serves.
public enum EmptyPoolName: String, Sendable, Hashable, CaseIterable {
  /// They wait for the replica that is starting.
  case hold
  /// To the next supply.
  case overflow
}

/// An autoscaler, in the terms of HPA and KEDA. Times are in seconds.
public struct AutoscaleDefinition: Sendable, Hashable {
  /// What it looks at.
  public var metric: ScalingMetricName
  /// What it wants of each replica.
  public var target: Double
  /// Fewest replicas, spares included.
  public var minimum: Int
  /// Most replicas, spares included.
  public var maximum: Int
  /// Between two evaluations.
  public var evaluationSeconds = 15.0
  /// Relative distance from the target that nothing is done about.
  public var tolerance = 0.1
  /// Stabilization on the way up.
  public var scaleUpWindowSeconds = 0.0
  /// Stabilization on the way down.
  public var scaleDownWindowSeconds = 300.0
  /// Without requests until the last replica goes.
  public var cooldownSeconds = 300.0
  /// Most replicas added by one evaluation; nil as HPA: 4, or as many as there are.
  public var scaleUpLimit: Int?
  /// Most replicas taken away by one evaluation; nil: no limit.
  public var scaleDownLimit: Int?
  /// What requests do while no replica serves; nil: they wait where nothing later in the chain serves the model.
  public var whenEmpty: EmptyPoolName?

  /// An autoscaler with HPA's and KEDA's defaults.
  public init(metric: ScalingMetricName, target: Double, minimum: Int, maximum: Int) {
    self.metric = metric
    self.target = target
    self.minimum = minimum
    self.maximum = maximum
  }
}

/// The phases of a replica's start-up.
public struct StartupPhases: Sendable, Hashable {
  /// Until the machine is there, seconds.
  public var provisionSeconds = 180.0
  /// Size of the container image, GB.
  public var imageGigabytes = 10.0
  /// Rate at which the image is pulled and unpacked, MB/s.
  public var imageMegabytesPerSecond = 200.0
  /// Rate at which a replica reads its weights into its GPUs, MB/s.
  public var weightsMegabytesPerSecond = 1000.0
  /// From loaded weights until it serves: compilation, graph capture, warm-up; seconds.
  public var compileSeconds = 60.0

  /// The default phases.
  public init() {}

  /// Seconds until a replica that reads so many bytes of weights serves: the sum of the phases.
  public func seconds(weightBytes: Double) -> Double {
    provisionSeconds + imageGigabytes * 1000 / imageMegabytesPerSecond
      + weightBytes / (weightsMegabytesPerSecond * 1e6) + compileSeconds
  }

  /// Seconds until a replica of a pool serves; nil where its model is not known.
  func seconds(of pool: PoolDefinition, _ reference: ReferenceData) -> Double? {
    reference.models[pool.model].map { seconds(weightBytes: $0.weightBytes(precision: pool.weights)) }
  }
}
