// SPDX-License-Identifier: GPL-3.0-or-later
// Requests per second on one core, each line with a checksum of its result: a change that makes the simulation
// faster must leave the checksum alone. The last column is the time of a request in units of one random block of the
// same run, which compares across machines.

import Foundation
import Quantities
import Simulation
import Uncertainty
import Workload

/// FNV-1a over the bits of a result's numbers.
func checksum(_ values: [Double]) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for value in values { hash = (hash ^ value.bitPattern) &* 0x0000_0100_0000_01b3 }
  return String(hash, radix: 16)
}

/// The shortest of three runs, in seconds, and the checksum, which must be the same each time.
func fastest(_ body: () -> [Double]) -> (seconds: Double, checksum: String) {
  var seconds = Double.infinity
  var sum: String?
  for _ in 0..<3 {
    let clock = ContinuousClock()
    let start = clock.now
    let values = body()
    let elapsed = (clock.now - start).components
    seconds = min(seconds, Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    precondition(sum == nil || sum == checksum(values), "two runs of one benchmark differ")
    sum = checksum(values)
  }
  return (seconds, sum ?? "")
}

/// Seconds per block of the counter-based generator: the yardstick.
let blockSeconds: Double = {
  let count = 20_000_000
  let run = fastest {
    var random = CounterRandom(seed: 1, draw: 0, purpose: .testing)
    var bits = SIMD4<UInt32>()
    for _ in 0..<count { bits ^= random.nextBlock() }
    return [Double(bits.wrappedSum())]
  }
  print(
    "random    blocks \(count)  \(Int(Double(count) / run.seconds / 1e6)) M blocks/s  checksum \(run.checksum)"
  )
  return run.seconds / Double(count)
}()

func report(_ what: String, count: Int, _ run: (seconds: Double, checksum: String)) {
  let perRequest = run.seconds / Double(count)
  let millions = (Double(count) / run.seconds / 1e4).rounded() / 100
  let ratio = (perRequest / blockSeconds * 10).rounded() / 10
  print("\(what)  \(millions) M requests/s  checksum \(run.checksum)  \(ratio) blocks a request")
}

/// Poisson arrivals of a chat service.
func requests(count: Int, rate: Double) -> [Request] {
  var random = CounterRandom(seed: 1, draw: 0, purpose: .testing)
  var now = 0.0
  return (0..<count).map { _ in
    let uniforms = random.nextUniforms()
    now -= log(uniforms.x) / rate
    return Request(
      arrival: now, inputTokens: Int32(100 + 900 * uniforms.y * uniforms.y),
      outputTokens: Int32(1 - 150 * log(uniforms.z)), useCase: 0)
  }
}

/// The same requests with texts in common: half of them begin with one of twenty texts of 400 tokens or with the turn
/// before of one of 2,000 sessions, and everything has a content.
func withTexts(_ requests: [Request]) -> [Request] {
  var random = CounterRandom(seed: 2, draw: 0, purpose: .testing)
  var sessions = Array(
    repeating: Request(arrival: 0, inputTokens: 0, outputTokens: 0, useCase: 0), count: 2000)
  return requests.enumerated().map { index, plain in
    var request = plain
    let uniforms = random.nextUniforms()
    request.content = UInt32(index + 1000)
    if uniforms.x < 0.25 {
      request.prefix = 1 + UInt32(uniforms.y * 20)
      request.sharedTokens = 400
      request.inputTokens += 400
    } else if uniforms.x < 0.5 {
      let place = Int(uniforms.y * 2000)
      let last = sessions[place]
      // A session that has grown long begins anew.
      if last.content != 0, last.inputTokens < 3000 {
        request.prefix = last.content
        request.sharedTokens = last.inputTokens + last.outputTokens
        request.inputTokens = request.sharedTokens + 100
      }
      sessions[place] = request
    }
    return request
  }
}

/// Replicas like Llama 3.1 8B in FP8 on one H100, with at most 256 sequences each.
func pool(replicas: Int) -> PoolConfiguration {
  PoolConfiguration(
    schedules: Array(repeating: .always, count: replicas), gpusPerReplica: 1,
    stepTime: StepTimeModel(
      overhead: 1.5e-3, computePerToken: 2 * 8.03e9 / (1979e12 * 0.5),
      computePerContextToken: 4.0 * 32 * 32 * 128 / (989e12 * 0.5), denseWeights: 8.03e9 / (3.35e12 * 0.7),
      memoryPerContextToken: 65_536 / (3.35e12 * 0.7)),
    maxSequences: 256, maxBatchedTokens: 8192, keyValueBlocks: 60_000)
}

/// One fleet of such replicas behind a router to the one with the fewest unfinished requests.
func option(replicas: Int) -> OptionConfiguration {
  OptionConfiguration(
    modelOfUseCase: [0], objectives: [ServiceObjective(timeToFirstToken: 1, timePerOutputToken: 0.05)],
    chain: [.fleet(FleetConfiguration(pools: [pool(replicas: replicas)]))], models: 1)
}

/// Simulates a fleet at a load and prints its line.
func simulate(_ name: String, replicas: Int, ratePerReplica: Double, texts: Bool = false) {
  let plain = requests(count: 2_000_000, rate: ratePerReplica * Double(replicas))
  let demand = texts ? withTexts(plain) : plain
  let window = Seconds(demand[demand.count - 1].arrival)
  let option = option(replicas: replicas)
  var batch = 0.0
  let run = fastest {
    var simulation = OptionSimulation(option, window: window)
    simulation.offer(demand.span)
    let result = simulation.finish()
    let hours = result.bill.poolHours[0][0]
    batch = result.sequenceSeconds / (hours.busy * 3600)
    return [
      hours.busy, hours.idle, result.bill.requests[0].served, result.bill.requests[0].withinObjective,
      result.sequenceSeconds, result.quality.endToEnd[0].quantile(0.5) ?? 0,
      result.quality.timeToFirstToken[0].quantile(0.99) ?? 0,
    ] + (texts ? [result.bill.supplies[0][0].cachedInputTokens] : [])
  }
  report(
    "simulate  replicas \(replicas)  \(name), mean batch \(Int(batch.rounded()))", count: demand.count, run)
}

/// Simulates the busy replica step by step, as the tests do to check the fast one, and prints how much longer it takes.
func stepByStep() {
  let demand = requests(count: 10_000, rate: 60)
  let slow = fastest {
    var oracle = StepByStepOracle(pool: pool(replicas: 1))
    return oracle.run(demand).map(\.lastToken)
  }
  let quick = fastest {
    var simulation = OptionSimulation(option(replicas: 1), window: Seconds(demand[demand.count - 1].arrival))
    simulation.offer(demand.span)
    return [simulation.finish().bill.requests[0].served]
  }
  report("step by step  replicas 1  busy", count: demand.count, slow)
  print("fast-forward is \(Int((slow.seconds / quick.seconds).rounded())) times as fast as step by step")
}

/// Makes a day of requests of three use cases and prints its line.
/// - Parameter minuteNoise: standard deviation of the logarithm of each minute's factor.
func generate(_ name: String, minuteNoise: Double = 0, _ use: () -> UseCaseStatistics) {
  let sources = (0..<3).map { _ in RequestSource.synthesized(use()) }
  let noise = DemandNoise(day: 0.1, hour: 0.1, minute: minuteNoise, seed: 1, draw: 0, month: 0)
  var count = 0
  let run = fastest {
    var generator = RequestGenerator(
      sources, scale: 1, noise: noise, seed: 1, draw: 0, month: 0, start: .zero, length: Seconds(86_400))
    var buffer = Array(
      repeating: Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0), count: 4096)
    var tokens = 0
    count = 0
    while true {
      let made = generator.fill(&buffer)
      for index in 0..<made { tokens += Int(buffer[index].inputTokens) + Int(buffer[index].outputTokens) }
      count += made
      if made < buffer.count { break }
    }
    return [Double(count), Double(tokens)]
  }
  report("generate  use cases 3, \(name)", count: count, run)
}

if CommandLine.arguments.dropFirst().first == "year" {
  simulateYear(weeks: CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 52)
  exit(0)
}
_ = blockSeconds
for replicas in [1, 8, 32] {
  simulate("busy", replicas: replicas, ratePerReplica: 60)
  simulate("near its limit", replicas: replicas, ratePerReplica: 95)
}
simulate("busy, prefix caching", replicas: 1, ratePerReplica: 60, texts: true)
simulateScaled()
stepByStep()
let hours = [Double](repeating: 40, count: 168)
let lengths = TokenLengthTable(.lognormal(p10: 180, p90: 2700), minimum: 1, maximum: 8192)
generate("plain") {
  UseCaseStatistics(hourlyRate: hours, burstiness: 1, inputTokens: lengths, outputTokens: lengths)
}
generate("everything on", minuteNoise: 0.07) {
  UseCaseStatistics(
    hourlyRate: hours, burstiness: 0.3, inputTokens: lengths, outputTokens: lengths, lengthCorrelation: 0.4,
    clients: ZipfTable.shares(count: 40, exponent: 1.1), onOff: OnOffPeriods(onSeconds: 20, offSeconds: 60),
    minuteNoise: 0.1, popularPrompts: PopularPrompts(share: 0.1, distinct: 1000, zipf: 1),
    prefixGroups: PrefixGroups(count: 20, zipf: 0.6, tokens: lengths),
    sessions: Sessions(
      turns: 3, gapSeconds: .lognormal(p10: 40, p90: 470), newTokens: lengths, maximumTokens: 131_072))
}
try readTraces()
