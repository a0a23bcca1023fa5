// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes pay-per-token APIs, and refuses what means nothing or has no price.

import Catalog
import Uncertainty
import YAMLDocument

extension ScenarioDecoder {
  func metered(_ view: MappingView) -> MeteredDefinition? {
    let name = view.identifier("name")
    let tier = view.choice("tier", as: MeteredTier.self) ?? .onDemand
    let turnaround = view.number("turnaround_hours") ?? MeteredDefinition.batchWindowHours
    let (requests, tokens) = (view.uncertain("requests_per_minute"), view.uncertain("tokens_per_minute"))
    let (maxTokens, retry) = (view.integer("max_tokens"), retry(view))
    let unused = view.choice("unused_tokens", as: ScenarioKeys.UnusedTokens.self) ?? .returned
    let (cache, latency) = (promptCache(view), latency(view))
    checkMeaning(view, tier)
    guard let id = view.text("provider") else { return nil }
    let ids = reference.prices.metered.keys.sorted()
    guard
      let provider = known(
        id, among: ids, "API provider", "the price book has", view.position(of: "provider"))
    else { return nil }
    if tier == .batch, !hasBatchPrices(view, provider) { return nil }
    if let cache { warnOfUncachedPrices(view, provider, cache) }
    var result = MeteredDefinition(name: name ?? provider, provider: provider)
    result.tier = tier
    result.turnaroundHours = turnaround
    result.requestsPerMinute = requests
    result.tokensPerMinute = tokens
    result.maxTokens = maxTokens
    result.returnsUnused = unused == .returned
    result.retry = retry
    result.promptCache = cache
    result.latency = latency
    result.replacements = replacements(view, provider, tier)
    return result
  }

  /// Refuses keys that mean nothing without another.
  private func checkMeaning(_ view: MappingView, _ tier: MeteredTier) {
    func refuse(_ key: String, _ without: String, _ remedy: String) {
      guard view[key] != nil else { return }
      context.report(view.position(of: key), "`\(key)` means nothing \(without)", remedy: remedy)
    }
    if tier == .batch {
      for key in ["latency", "prompt_cache"] {
        refuse(key, "in the batch tier", "remove it; `turnaround_hours` says when a batch is answered")
      }
    } else {
      refuse("turnaround_hours", "on demand", "write tier: batch, or remove it")
    }
    if view["requests_per_minute"] == nil, view["tokens_per_minute"] == nil {
      refuse("retry", "without a quota", "add requests_per_minute or tokens_per_minute, or remove it")
    }
    if view["tokens_per_minute"] == nil {
      for key in ["max_tokens", "unused_tokens"] {
        refuse(key, "without a quota of tokens", "add tokens_per_minute, or remove it")
      }
    }
  }

  private func hasBatchPrices(_ view: MappingView, _ provider: String) -> Bool {
    let models = reference.prices.metered[provider]?.models ?? [:]
    if models.values.contains(where: { $0.batchInput != nil && $0.batchOutput != nil }) { return true }
    context.report(
      view.position(of: "tier"), "\(provider) has no batch price of any model",
      remedy: "add prices.api.\(provider).<model>.batch: {input: …, output: …}")
    return false
  }

  private func warnOfUncachedPrices(_ view: MappingView, _ provider: String, _ cache: PromptCacheDefinition) {
    let models = reference.prices.metered[provider]?.models ?? [:]
    guard !models.isEmpty, models.values.allSatisfy({ $0.cachedInput == nil }) else { return }
    context.warn(
      view.position(of: "prompt_cache"), "\(provider) has no price of cached input tokens for any model",
      remedy: "they are billed as input tokens; add prices.api.\(provider).<model>.cached_input")
  }

  private func replacements(
    _ view: MappingView, _ provider: String, _ tier: MeteredTier
  ) -> [ModelReplacement] {
    guard let named = view.mapping("replace_with") else { return [] }
    let models = reference.prices.metered[provider]?.models ?? [:]
    let ids = models.keys.sorted()
    return named.namedEntries.compactMap { entry in
      let retired = known(entry.key, among: ids, "model of \(provider)", "it prices", entry.keyPosition)
      guard let text = named.text(entry.key),
        let successor = known(text, among: ids, "model of \(provider)", "it prices", entry.value.position),
        let retired
      else { return nil }
      if successor == retired {
        context.report(
          entry.value.position, "\(retired) is to replace itself", remedy: "name another model of \(provider)"
        )
        return nil
      }
      if leadsBack(retired, named) {
        context.report(
          entry.value.position, "the replacements of \(retired) lead back to it",
          remedy: "name a model that is not replaced by it")
        return nil
      }
      if tier == .batch, models[successor]?.batchInput == nil || models[successor]?.batchOutput == nil {
        context.report(
          entry.value.position, "\(provider) has no batch price of \(successor)",
          remedy: "add prices.api.\(provider).\(successor).batch: {input: …, output: …}")
        return nil
      }
      if models[retired]?.endOfLife == nil {
        context.warn(
          entry.keyPosition, "\(provider) has announced no end of \(retired)",
          remedy: "it is never replaced; remove it")
      }
      return ModelReplacement(model: retired, successor: successor)
    }
  }

  /// Whether the successors of a model come back to it.
  private func leadsBack(_ model: String, _ successors: MappingView) -> Bool {
    var (current, seen) = (model, Set<String>())
    while let next = successors.node[current]?.text, seen.insert(next).inserted {
      if next == model { return true }
      current = next
    }
    return false
  }
}
