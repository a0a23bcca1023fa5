// SPDX-License-Identifier: GPL-3.0-or-later
// The words at the back: what the model does not know, and what the page's terms mean.

import Charts
import NumberFormatting

extension BackMatter {
  /// What is not modelled, or not fully.
  static let limits: [Markup] = [
    "Options are compared on cost and latency. How good the models’ answers are is not part of the comparison.",
    """
    Where only part of the hours is simulated (see Provenance), it stands for the rest; an event that falls between, \
    such as a one-day campaign, is seen only as far as the demand’s noise covers it.
    """,
    """
    All options of a future meet the same demand and the same prices, so differences between options are surer than each \
    option’s cost alone.
    """,
    """
    Ranges say what follows from the distributions under Assumptions. A price or a workload outside of them is not \
    covered by any percentile here.
    """,
    """
    Costs that the scenario does not state count as zero. Taxes, negotiated credits and the price of switching back are \
    among them unless stated.
    """,
    """
    Latency comes from a model of batched serving on the stated hardware. Networks outside the data centre add to it.
    """,
    """
    A provider’s latency is a stated distribution: that it slows down under the demand of others, or of this \
    workload, is not modelled beyond the stated quotas.
    """,
    """
    Demand does not answer to price or latency: nobody leaves because the service is slow, and nobody comes because it is \
    cheap.
    """,
    """
    Who decides today is taken to stay with it over the horizon. That a choice can be changed midway, and what waiting \
    is worth, is not counted.
    """,
    """
    An input’s effect and worth are estimated by regression on the futures at hand; what acts only through a \
    combination of many inputs is underestimated.
    """,
  ]

  /// Terms and what they mean.
  static let glossary: [(Markup, Markup)] = [
    ("TTFT", "Time to first token: from a request’s arrival to the first token of its answer."),
    ("TPOT", "Time per output token: the mean time between tokens after the first."),
    (
      "P10, P50, P90, P95, P99",
      """
      Percentiles: 10, 50, 90, 95 or 99 of 100 futures (for latency: of 100 requests) are at or below the value. P50 is \
      the median.
      """
    ),
    ("Future", "One draw of all uncertain inputs, from demand growth to the price of a GPU-hour."),
    (
      "Simulation",
      "One draw of the inputs that change what is served, simulated request by request; many futures share it."
    ),
    (
      "P(cheapest)",
      """
      The share of futures in which an option costs least, with its 95\(NumberText.space)% interval in brackets.
      """
    ),
    (
      "Saving",
      "What today’s option (or another) costs less what the recommended one costs, in the same future."
    ),
    (
      "Regret",
      """
      What the chosen option costs above the one that turned out cheapest. Its mean over futures is what a wrong choice \
      costs, and the most that perfect foresight could be worth.
      """
    ),
    (
      "Worst 5\(NumberText.space)%",
      "The mean cost over the most expensive twentieth of futures (CVaR95, conditional value at risk)."
    ),
    (
      "Worth of finding out",
      """
      What knowing an input exactly before deciding would save on average (EVPPI, expected value of partial perfect \
      information). Real studies leave doubt, so it is the most to pay for one.
      """
    ),
    (
      "Sobol’ index, first order",
      "The share of the cost’s variance that would go if the input were known, averaged over what it may be."
    ),
    (
      "Served within objective",
      "Requests that met both their TTFT and their TPOT objective, among all that arrived."
    ),
    (
      "Service level",
      "The share of requests that an option must serve within objective in order to be recommended."
    ),
    (
      "Break-even",
      "The value of an axis from which (or up to which) an option costs no more than the one it is held against."
    ),
    (
      "Load-duration curve",
      "Hours sorted by how many GPUs are there: what is there in most hours is worth committing to."
    ),
    (
      "GPU-hours: busy, idle, booting, draining",
      "What a paid hour was spent on; only busy hours answer requests."
    ),
    (
      "Interruption",
      "A replica is lost with requests in work: spot capacity taken back, or a node that fails."
    ),
    (
      "Today",
      "The option in use now, the scenario’s baseline: what doing nothing costs."
    ),
  ]
}
