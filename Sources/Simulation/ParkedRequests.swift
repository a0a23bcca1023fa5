// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that wait outside every supply until they may ask again.

/// How often a request has asked again.
struct RetryCounts: BitwiseCopyable {
  /// At the supply that it asks next, since it came to it.
  var atSupply: Int32 = 0
  /// Of the whole chain.
  var ofChain: Int32 = 0
  /// In all.
  var all: Int32 = 0
}

/// A request between two attempts.
struct ParkedRequest: BitwiseCopyable {
  var sequence = Sequence()
  var identity = RequestIdentity()
  /// The supply that it asks next.
  var supply: Int32 = 0
  /// Retries made so far, this one included.
  var retries = RetryCounts()
  /// The next free place, where this one is free.
  var nextFree: Int32 = none
}

/// The parked requests, each in a place of its own until it asks again.
struct ParkedRequests: ~Copyable {
  private var places = Storage(repeating: ParkedRequest(), count: 0)
  private var free: Int32 = none
  private(set) var count = 0

  /// - Returns: its place.
  mutating func park(_ request: ParkedRequest) -> Int32 {
    if free == none {
      let old = places.count
      places.grow(to: max(64, old * 2), filling: ParkedRequest())
      for place in (old..<places.count).reversed() {
        places[place].nextFree = free
        free = Int32(place)
      }
    }
    let place = free
    free = places[Int(place)].nextFree
    places[Int(place)] = request
    count += 1
    return place
  }

  /// Takes the request out of a place.
  mutating func take(_ place: Int32) -> ParkedRequest {
    let request = places[Int(place)]
    places[Int(place)].nextFree = free
    free = place
    count -= 1
    return request
  }
}
