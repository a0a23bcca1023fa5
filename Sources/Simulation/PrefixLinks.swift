// SPDX-License-Identifier: GPL-3.0-or-later
// What each content begins with, remembered in bounded memory: a request names only the content before its own.

/// The beginning that each content shares with another: which, and how many tokens.
///
/// Two generations, the older of which is dropped when the younger is full: the contents used last are remembered, at
/// least `capacity` of them, and memory does not grow with the number of requests. Of a content that was forgotten the
/// beginning counts as its own text.
struct PrefixLinks: ~Copyable {
  struct Link: BitwiseCopyable {
    var prefix: UInt32 = 0
    var sharedTokens: Int32 = 0
  }

  struct Generation: ~Copyable {
    var table = IndexTable()
    var links = Storage(repeating: Link(), count: 16)

    mutating func insert(_ content: UInt32, _ link: Link) {
      if table.count == links.count { links.grow(to: links.count * 2, filling: Link()) }
      links[table.count] = link
      table.insert(UInt64(content), index: Int32(table.count))
    }
  }

  /// Contents of one generation.
  static let capacity = 1 << 18

  private var young = Generation()
  private var old = Generation()

  /// Remembers what a content begins with; the first that was said of it holds.
  mutating func remember(_ content: UInt32, prefix: UInt32, sharedTokens: Int32) {
    if find(content) != nil { return }
    insert(content, Link(prefix: prefix, sharedTokens: sharedTokens))
  }

  /// What a content begins with; nil where nothing is known of it.
  mutating func find(_ content: UInt32) -> Link? {
    let recent = young.table.find(UInt64(content))
    if recent != none { return young.links[Int(recent)] }
    let early = old.table.find(UInt64(content))
    if early == none { return nil }
    let link = old.links[Int(early)]
    insert(content, link)
    return link
  }

  private mutating func insert(_ content: UInt32, _ link: Link) {
    if young.table.count >= Self.capacity {
      old = Generation()
      swap(&old, &young)
    }
    young.insert(content, link)
  }
}
