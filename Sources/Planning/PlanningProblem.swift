// SPDX-License-Identifier: GPL-3.0-or-later
// Why a checked scenario may still not be planned.

public import TextFormats

/// Why a plan cannot be made of a scenario.
public enum PlanningProblem: Error, Sendable, CustomStringConvertible {
  /// A trace file is wrong.
  case trace(TextProblem)
  /// The scenario asks for something that is not offered.
  case unsupported(String)

  /// The problem for people.
  public var description: String {
    switch self {
    case .trace(let problem): problem.description
    case .unsupported(let message): message
    }
  }
}
