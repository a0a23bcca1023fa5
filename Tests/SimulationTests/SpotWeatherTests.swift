// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about spot capacity: how much of it there is, and that a replica or its stand-in serves whenever one can.

import Quantities
import Simulation
import Testing

private let week = SpotWeather.week

/// A zone's weather by hours.
private func weather(
  up: Double, down: Double, shape: Double = 0.6, seed: UInt64 = 1, draw: Int = 0, month: Int = 0,
  zone: Int = 0
) -> SpotWeather {
  SpotRegion(
    SpotProcess(
      zones: zone + 1,
      outages: SpotProcess.Outages(meanUp: Seconds(up * 3600), meanDown: Seconds(down * 3600)), shape: shape),
    seed: seed, draw: UInt32(draw), month: month
  ).zone(zone)
}

/// Stretches in which replicas serve, in order.
private func serving(_ lives: [ReplicaLifetime]) -> [(from: Double, to: Double)] {
  lives.filter { $0.ready < $0.drain }.map { ($0.ready.rawValue, $0.drain.rawValue) }
}

/// Whether lives follow one another, each in its own order.
private func inOrder(_ lives: [ReplicaLifetime]) -> Bool {
  lives.allSatisfy { $0.start <= $0.ready && $0.ready <= $0.drain && $0.drain <= $0.stop }
    && zip(lives, lives.dropFirst()).allSatisfy { $0.stop <= $1.start }
}

@Suite("Spot weather")
struct SpotWeatherTests {
  /// The last cases have cycles longer than the week, and would show a start that is no steady state.
  @Test(
    "availability is up / (up + down) within 2 %, from the first hour to the last",
    arguments: [
      (8.0, 1.0, 0.6), (3.3, 1.85, 0.6), (40.0, 12.0, 0.7), (10.0, 10.0, 1.0), (12_000.0, 4000.0, 0.6),
      (300.0, 100.0, 0.4),
    ])
  func availabilityShare(up: Double, down: Double, shape: Double) {
    let weathers = (0..<8000).map { weather(up: up, down: down, shape: shape, seed: 3, draw: $0) }
    expectClose(weathers.reduce(0) { $0 + $1.share } / 8000, up / (up + down), within: 0.02)
    for time in [0, week - 1] {
      let there = weathers.count { $0.stretches.contains { $0.up <= time && time < $0.down } }
      let expected = up / (up + down)
      let error = (expected * (1 - expected) / 8000).squareRoot()
      #expect(abs(Double(there) / 8000 - expected) < 4 * error, "at \(time)")
    }
  }

  @Test("up and down times alternate and have the means asked for")
  func means() {
    var ups: [Double] = []
    var downs: [Double] = []
    for draw in 0..<3000 {
      let stretches = weather(up: 5, down: 2, shape: 0.8, seed: 8, draw: draw).stretches
      #expect(stretches.allSatisfy { $0.up <= $0.down })
      #expect(zip(stretches, stretches.dropFirst()).allSatisfy { $0.down <= $1.up })
      // Chosen by where the stretch before them begins, which does not depend on their length.
      for (before, after) in zip(stretches, stretches.dropFirst())
      where before.up >= 0 && before.up < week / 2 {
        ups.append(before.down - before.up)
        downs.append(after.up - before.down)
      }
    }
    expectClose(ups.reduce(0, +) / Double(ups.count), 5 * 3600, within: 0.03)
    expectClose(downs.reduce(0, +) / Double(downs.count), 2 * 3600, within: 0.03)
  }

  @Test(
    "a spot replica starts with its capacity, drains at the notice, and its lives do not overlap",
    arguments: 0..<40)
  func spotLives(draw: Int) {
    var random = TestRandom(seed: draw)
    let weather = weather(
      up: random.logUniform(0.2, 30), down: random.logUniform(0.1, 10), seed: 5, draw: draw)
    let (startup, notice) = (random.uniform(0, 1200), random.uniform(0, 300))
    let lives = weather.replicaLifetimes(startup: Seconds(startup), notice: Seconds(notice))
    #expect(inOrder(lives))
    #expect(lives.count == weather.stretches.count)
    for (life, stretch) in zip(lives, weather.stretches) {
      #expect(life.start.rawValue == stretch.up && life.stop.rawValue == stretch.down)
      if stretch.down - stretch.up > startup + notice {
        #expect(life.ready.rawValue == stretch.up + startup)
        #expect(life.drain.rawValue == stretch.down - notice)
      }
    }
  }

  @Test(
    "the stand-in serves whenever the spot replica does not, but for its own start-up", arguments: 0..<300)
  func complement(draw: Int) throws {
    var random = TestRandom(seed: draw, index: 1)
    let weather = weather(
      up: random.logUniform(0.2, 60), down: random.logUniform(0.1, 60), seed: 6, draw: draw)
    let spotStartup = Seconds(random.uniform(0, 1800))
    let notice = Seconds(random.chance(0.2) ? 0 : random.uniform(0, 600))
    let startup = random.uniform(0, 1800)
    let standby = weather.standbyLifetimes(
      spotStartup: spotStartup, notice: notice, startup: Seconds(startup))
    #expect(inOrder(standby))

    let spot = serving(weather.replicaLifetimes(startup: spotStartup, notice: notice))
    var outages: [(from: Double, to: Double)] = []
    var end = -Double.infinity
    for stretch in spot {
      outages.append((end, stretch.from))
      end = stretch.to
    }
    outages.append((end, .infinity))
    // What of each outage lies in the week, and beyond what the weather knows nothing is claimed.
    let expected = outages.map { ($0.from + startup, $0.to) }
      .filter { $0.0 < $0.1 && $0.1 > 0 && $0.0 < week }
    let served = serving(standby).filter { $0.to > 0 && $0.from < week }
    try #require(served.count == expected.count)
    for (actual, (from, to)) in zip(served, expected) {
      #expect(max(0, actual.from) == max(0, from))
      #expect(min(week, actual.to) == min(week, to))
    }
    // It is paid for from the moment the notice is given.
    for life in standby where life.ready < life.drain && life.start.rawValue > 0 && life.start.rawValue < week
    {
      #expect(spot.contains { $0.to == life.start.rawValue })
      #expect(life.stop.rawValue - life.drain.rawValue <= notice.rawValue + 1e-6)
    }
  }

  @Test("where there is no spot capacity at all, the stand-in is there all week")
  func dead() throws {
    let none = CapacityTrace(tick: Seconds(3600), counts: [0]).weather(atLeast: 1, draw: 0, month: 0)
    #expect(none.stretches.isEmpty && none.share == 0)
    #expect(none.replicaLifetimes(startup: Seconds(60), notice: Seconds(120)).isEmpty)
    let standby = none.standbyLifetimes(
      spotStartup: Seconds(60), notice: Seconds(120), startup: Seconds(600))
    let life = try #require(standby.first)
    #expect(standby.count == 1 && life.ready < .zero && life.drain.rawValue >= week)
  }

  @Test("an hour's windows together hold what the week holds")
  func windows() {
    for draw in 0..<50 {
      let lives = weather(up: 4, down: 2, seed: 7, draw: draw).replicaLifetimes(
        startup: Seconds(400), notice: Seconds(120))
      func paid(_ lives: [ReplicaLifetime], _ length: Double) -> Double {
        lives.reduce(0) { $0 + max(0, min(length, $1.stop.rawValue) - max(0, $1.start.rawValue)) }
      }
      func served(_ lives: [ReplicaLifetime], _ length: Double) -> Double {
        lives.reduce(0) { $0 + max(0, min(length, $1.drain.rawValue) - max(0, $1.ready.rawValue)) }
      }
      let hours = (0..<168).map { lives.during(start: Seconds(Double($0) * 3600), length: Seconds(3600)) }
      #expect(hours.allSatisfy { $0.allSatisfy { $0.start >= .zero } && inOrder($0) })
      #expect(abs(hours.reduce(0) { $0 + paid($1, 3600) } - paid(lives, week)) < 1e-6)
      #expect(abs(hours.reduce(0) { $0 + served($1, 3600) } - served(lives, week)) < 1e-6)
    }
  }

  @Test("the same seed, draw, month and zone have the same weather; others another")
  func streams() {
    let base = weather(up: 6, down: 3, seed: 1, draw: 1, month: 1, zone: 1)
    #expect(base == weather(up: 6, down: 3, seed: 1, draw: 1, month: 1, zone: 1))
    #expect(base != weather(up: 6, down: 3, seed: 2, draw: 1, month: 1, zone: 1))
    #expect(base != weather(up: 6, down: 3, seed: 1, draw: 2, month: 1, zone: 1))
    #expect(base != weather(up: 6, down: 3, seed: 1, draw: 1, month: 2, zone: 1))
    #expect(base != weather(up: 6, down: 3, seed: 1, draw: 1, month: 1, zone: 2))
  }
}
