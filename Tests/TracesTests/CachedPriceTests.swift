// SPDX-License-Identifier: GPL-3.0-or-later
// A claim about tokens that a provider found in its prompt cache: they cost what the price book says of them.

import Testing
import Traces

@Suite("Prices of cached tokens")
struct CachedPriceTests {
  @Test("Cached tokens have their own price where there is one, else that of the others, which is counted")
  func cached() {
    var request = TraceRecord(time: 0, inputTokens: 1_000_000, outputTokens: 500_000)
    request.cachedInputTokens = 400_000
    var price = TokenPrice(inputPerMillion: 0.72, outputPerMillion: 0.9)
    var plain = UsageSummary(cacheTimeToLive: 3600)
    plain.add(request, price: price)
    #expect(abs((plain.total.dollars ?? 0) - 1.17) < 1e-12)
    #expect(plain.total.pricedCachedTokens == 400_000)
    // 0.6 × 0.72 + 0.4 × 0.18 + 0.5 × 0.9.
    price.cachedInputPerMillion = 0.18
    var known = UsageSummary(cacheTimeToLive: 3600)
    known.add(request, price: price)
    #expect(abs((known.total.dollars ?? 0) - 0.954) < 1e-12)
    #expect(known.total.pricedCachedTokens == 0)
    // A log that tells more cached tokens than tokens does not earn money.
    request.cachedInputTokens = 2_000_000
    var odd = UsageSummary(cacheTimeToLive: 3600)
    odd.add(request, price: price)
    #expect(abs((odd.total.dollars ?? 0) - 0.63) < 1e-12)
  }
}
