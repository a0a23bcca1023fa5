// SPDX-License-Identifier: GPL-3.0-or-later
// The intrusive lists of the event loop: free slots, queues, running sequences, and the ring of finish steps.

extension ReplicaEngine {
  // MARK: Slots

  /// A slot for a sequence; doubles the memory when none is free.
  @inline(__always)
  mutating func newSlot() -> Int32 {
    if freeSequence == none { addSlots() }
    let slot = freeSequence
    freeSequence = sequences[Int(slot)].next
    return slot
  }

  private mutating func addSlots() {
    let old = sequences.count
    sequences.grow(to: max(256, old * 2), filling: Sequence())
    lastTokenTimes.grow(to: sequences.count, filling: 0)
    if keepsIdentities || cachesPrefixes {
      identities.grow(to: sequences.count, filling: RequestIdentity())
    }
    for slot in (old..<sequences.count).reversed() {
      sequences[slot].next = freeSequence
      freeSequence = Int32(slot)
    }
  }

  // MARK: The queue

  @inline(__always)
  mutating func appendWaiting(_ slot: Int32, on replica: Int) {
    let tail = replicas[replica].waitingTail
    sequences[Int(slot)].next = none
    if tail == none {
      replicas[replica].waitingHead = slot
    } else {
      sequences[Int(tail)].next = slot
    }
    replicas[replica].waitingTail = slot
    replicas[replica].waiting += 1
  }

  mutating func prependWaiting(_ slot: Int32, on replica: Int) {
    sequences[Int(slot)].next = replicas[replica].waitingHead
    replicas[replica].waitingHead = slot
    if replicas[replica].waitingTail == none { replicas[replica].waitingTail = slot }
    replicas[replica].waiting += 1
  }

  @inline(__always)
  mutating func removeFirstWaiting(_ replica: Int) {
    let head = sequences[Int(replicas[replica].waitingHead)].next
    replicas[replica].waitingHead = head
    if head == none { replicas[replica].waitingTail = none }
    replicas[replica].waiting -= 1
  }

  // MARK: Running sequences, oldest first

  @inline(__always)
  mutating func appendRunning(_ slot: Int32, on replica: Int) {
    let tail = replicas[replica].runningTail
    sequences[Int(slot)].previous = tail
    sequences[Int(slot)].next = none
    if tail == none {
      replicas[replica].runningHead = slot
    } else {
      sequences[Int(tail)].next = slot
    }
    replicas[replica].runningTail = slot
    replicas[replica].running += 1
  }

  @inline(__always)
  mutating func removeRunning(_ slot: Int32, on replica: Int) {
    let (previous, next) = (sequences[Int(slot)].previous, sequences[Int(slot)].next)
    if previous == none {
      replicas[replica].runningHead = next
    } else {
      sequences[Int(previous)].next = next
    }
    if next == none {
      replicas[replica].runningTail = previous
    } else {
      sequences[Int(next)].previous = previous
    }
    replicas[replica].running -= 1
  }

  // MARK: The ring of finish steps

  /// Enters a sequence at the step count at which it finishes.
  @inline(__always)
  mutating func insertFinishing(_ slot: Int32, on replica: Int, at finish: Int64) {
    if finish - replicas[replica].step >= Int64(ringSize) {
      growRing(beyond: Int(finish - replicas[replica].step))
    }
    link(slot, at: replica * ringSize + Int(truncatingIfNeeded: finish) & (ringSize - 1))
  }

  @inline(__always)
  private mutating func link(_ slot: Int32, at place: Int) {
    let head = finishRing[place]
    sequences[Int(slot)].nextFinishing = head
    sequences[Int(slot)].previousFinishing = none
    if head != none { sequences[Int(head)].previousFinishing = slot }
    finishRing[place] = slot
    finishBits[place >> 6] |= 1 << UInt64(place & 63)
  }

  mutating func removeFinishing(_ slot: Int32, on replica: Int) {
    let (previous, next) = (sequences[Int(slot)].previousFinishing, sequences[Int(slot)].nextFinishing)
    if next != none { sequences[Int(next)].previousFinishing = previous }
    if previous != none {
      sequences[Int(previous)].nextFinishing = next
    } else {
      let finish = sequences[Int(slot)].finishStep
      let place = replica * ringSize + Int(truncatingIfNeeded: finish) & (ringSize - 1)
      finishRing[place] = next
      if next == none { finishBits[place >> 6] &= ~(1 << UInt64(place & 63)) }
    }
  }

  /// Steps until the next sequence finishes; at least one must be decoding.
  @inline(__always)
  func stepsToNextFinish(_ replica: Int) -> Int64 {
    let step = replicas[replica].step
    let words = ringSize >> 6
    let first = replica * words
    let start = Int(truncatingIfNeeded: step &+ 1) & (ringSize - 1)
    var word = start >> 6
    var bits = finishBits[first + word] & (~0 << UInt64(start & 63))
    for _ in 0...words {
      if bits != 0 {
        let place = word << 6 + bits.trailingZeroBitCount
        return 1 + Int64((place - start) & (ringSize - 1))
      }
      word = (word + 1) & (words - 1)
      bits = finishBits[first + word]
    }
    preconditionFailure("a decoding sequence has no finish")
  }

  /// Makes the rings long enough for a sequence that finishes `distance` steps from now.
  private mutating func growRing(beyond distance: Int) {
    while ringSize <= distance { ringSize *= 2 }
    finishRing = Storage(repeating: none, count: replicas.count * ringSize)
    finishBits = Storage(repeating: 0, count: replicas.count * ringSize / 64)
    for replica in 0..<replicas.count {
      var slot = replicas[replica].runningHead
      while slot != none, slot != replicas[replica].firstPrefilling {
        let finish = sequences[Int(slot)].finishStep
        if sequences[Int(slot)].prefilled >= sequences[Int(slot)].prefillTarget
          && finish > replicas[replica].step
        {
          link(slot, at: replica * ringSize + Int(truncatingIfNeeded: finish) & (ringSize - 1))
        }
        slot = sequences[Int(slot)].next
      }
    }
  }
}
