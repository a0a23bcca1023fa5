// SPDX-License-Identifier: GPL-3.0-or-later
// The state of what stands before the chain: routes, answers on their way back, the cache, requests that can wait.

/// A complete answer on its way from a supply to the user.
struct CompleteAnswer: BitwiseCopyable {
  var sequence = Sequence()
  var identity = RequestIdentity()
  /// Who finished it.
  var supply: Int32 = 0
  /// When its first token came out.
  var firstToken = 0.0
  /// When its last token came out.
  var end = 0.0
}

/// What stands before the chain of one option.
struct Gateway: ~Copyable {
  let routes: ModelRoutes
  /// Whether something happens when an answer is complete, so that answers are looked at in order of time.
  let looksAtAnswers: Bool
  /// Answers whose time has not come.
  var answers = Places(blank: CompleteAnswer())
  /// Answers to be given again.
  var cache: ResponseCache
  /// Requests that can wait.
  var offline: OfflineQueue

  init(_ configuration: OptionConfiguration) {
    routes = ModelRoutes(configuration)
    cache = ResponseCache(configuration.gateway?.cache)
    offline = OfflineQueue(configuration)
    looksAtAnswers = routes.escalates || cache.isPresent || offline.isPresent
  }

  /// Requests that are in nobody's work but the gateway's.
  var inWork: Int { answers.count + cache.waiting + offline.count }
}
