// SPDX-License-Identifier: GPL-3.0-or-later
// What a provider still has of earlier prompts: it bills them as cached input and need not compute them.

/// The prompt caches of all supplies that somebody else runs, by supply and model.
///
/// A text is there from the first token of the request that brought it until its time to live has passed since it was
/// last used. What a provider does inside, on which machine and in what blocks, is not modelled.
///
/// - Complexity: O(1) on average per request; memory for the distinct contents of a window.
struct ProviderPromptCache: ~Copyable {
  /// A text.
  // Not private: see `OptionSimulation.Supply`.
  struct Entry: BitwiseCopyable {
    var lastUse = -Double.infinity
    /// When it was first there.
    var available = Double.infinity
    /// How much of it is there, from its beginning.
    var tokens: Int32 = 0
    /// The text that it begins with and that begins with no other, such as an assistant's instructions; 0 for none.
    var root: UInt32 = 0
    /// How much of it is that text.
    var sharedWithRoot: Int32 = 0
  }

  private var table = IndexTable()
  private var entries = Storage(repeating: Entry(), count: 0)

  private func entry(_ domain: UInt64, _ content: UInt32) -> Entry? {
    guard content != 0 else { return nil }
    let index = table.find(domain << 32 | UInt64(content))
    return index == none ? nil : entries[Int(index)]
  }

  private static func tokens(of entry: Entry?, at now: Double, ttl: Double) -> Int32 {
    guard let entry, entry.available <= now, now - entry.lastUse <= ttl else { return 0 }
    return entry.tokens
  }

  /// How many tokens of a request's prompt are there at `now`, from its beginning.
  ///
  /// That is the longest of: the same prompt, the text that it begins with, and the text that this one begins with. Of
  /// the turns of a conversation each is used when the next comes, so that none can be there where the last is not;
  /// only the first text of all is used by others.
  /// - Parameters:
  ///   - domain: the supply and model.
  ///   - least: the shortest beginning that counts.
  func cachedTokens(
    _ identity: RequestIdentity, prompt: Int32, domain: UInt64, ttl: Double, least: Int32, at now: Double
  ) -> Int32 {
    var found = Self.tokens(of: entry(domain, identity.content), at: now, ttl: ttl)
    if let prefix = entry(domain, identity.prefix) {
      found = max(found, min(identity.sharedTokens, Self.tokens(of: prefix, at: now, ttl: ttl)))
      let root = Self.tokens(of: entry(domain, prefix.root), at: now, ttl: ttl)
      found = max(found, min(identity.sharedTokens, prefix.sharedWithRoot, root))
    }
    found = min(found, prompt)
    return found >= least ? found : 0
  }

  /// Keeps what a request's prompt brings.
  /// - Parameter firstToken: when the prompt has been computed.
  mutating func remember(
    _ identity: RequestIdentity, prompt: Int32, domain: UInt64, ttl: Double, at now: Double,
    firstToken: Double
  ) {
    var root = identity.prefix
    var shared = identity.sharedTokens
    if identity.prefix != 0 {
      let prefix = use(identity.prefix, tokens: shared, domain, ttl, now, firstToken)
      let earlier = entries[prefix]
      if earlier.root != 0 {
        root = earlier.root
        shared = min(shared, earlier.sharedWithRoot)
        _ = use(root, tokens: shared, domain, ttl, now, firstToken)
      }
    }
    if identity.content != 0 {
      let own = use(identity.content, tokens: prompt, domain, ttl, now, firstToken)
      entries[own].root = root
      entries[own].sharedWithRoot = shared
    }
  }

  /// - Returns: the text's place.
  private mutating func use(
    _ content: UInt32, tokens: Int32, _ domain: UInt64, _ ttl: Double, _ now: Double, _ firstToken: Double
  ) -> Int {
    let key = domain << 32 | UInt64(content)
    var index = table.find(key)
    if index == none {
      index = Int32(table.count)
      if table.count == entries.count { entries.grow(to: max(64, entries.count * 2), filling: Entry()) }
      table.insert(key, index: index)
    }
    let place = Int(index)
    if now - entries[place].lastUse <= ttl {
      entries[place].tokens = max(entries[place].tokens, tokens)
      entries[place].available = min(entries[place].available, firstToken)
    } else {
      entries[place].tokens = tokens
      entries[place].available = firstToken
    }
    entries[place].lastUse = now
    return place
  }
}
