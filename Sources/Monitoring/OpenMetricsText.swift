// SPDX-License-Identifier: GPL-3.0-or-later
// Gauges in the text format that both OpenMetrics parsers and the node exporter's textfile collector read: the collector
// knows the older Prometheus format alone, in which `# UNIT` and `# EOF` are comments and an info or a timestamp is an
// error. https://prometheus.io/docs/specs/om/open_metrics_spec/, https://github.com/prometheus/node_exporter

/// Gauges written one family after the other.
public struct OpenMetricsText: Sendable, Hashable {
  private var lines: [String] = []
  private var names: [String] = []

  /// Nothing yet.
  public init() {}

  /// Adds a family of gauges; one without samples is left out.
  /// - Parameters:
  ///   - name: its name, letters, digits and `_`, ending in the unit where it has one; once in a text.
  ///   - unit: the unit's name, such as `dollars`; nil for counts.
  ///   - help: what it means, in one line without quotation marks or backslashes.
  ///   - samples: labels in their order, and the value; those that are not finite are left out.
  public mutating func add(
    _ name: String, unit: String?, help: String, _ samples: [(labels: [(String, String)], value: Double)]
  ) {
    precondition(!names.contains(name), "the metric family \(name) is written twice")
    precondition(unit.map { name.hasSuffix("_\($0)") } ?? true, "\(name) does not end in its unit")
    precondition(!help.contains { "\\\"\n".contains($0) }, "a help text that needs escapes: \(help)")
    let finite = samples.filter(\.value.isFinite)
    if finite.isEmpty { return }
    names.append(name)
    lines.append("# TYPE \(name) gauge")
    if let unit { lines.append("# UNIT \(name) \(unit)") }
    lines.append("# HELP \(name) \(help)")
    for sample in finite {
      let labels = sample.labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
      lines.append("\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(sample.value))")
    }
  }

  /// The whole exposition, with its end.
  public var text: String { lines.map { $0 + "\n" }.joined() + "# EOF\n" }

  /// A label's value: backslash, quotation mark and line feed are escaped; other controls, which some readers refuse,
  /// become spaces.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The shortest digits that read back; whole numbers without a fraction.
  private static func number(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : value.description
  }
}
