// SPDX-License-Identifier: GPL-3.0-or-later
// What the parser and the help know of a wrapped property, without its Swift type.

/// One parameter of a command: how it is called, what it accepts, and where its value goes.
struct Parameter {
  enum Kind {
    /// `--name value`
    case option
    /// `--name`
    case flag
    /// a value by position
    case positional
  }

  var kind: Kind
  /// Empty for a positional parameter.
  var names: [ParameterName]
  /// Names that switch a flag off.
  var inverseNames: [ParameterName] = []
  var valueName: String
  var help: ArgumentHelp
  /// As typed; nil where there is nothing to show.
  var defaultText: String?
  var allowedValues: [String] = []
  var expectation = ""
  /// Without it the command cannot run.
  var isRequired: Bool
  var isRepeating = false
  /// The heading in help under which an option group puts it.
  var section: String?
  /// Reads one value into the property; false where the text is not a value of its type.
  var store: (String) -> Bool
  /// Whether a value has been read.
  var isParsed: () -> Bool

  /// How usage and error messages call it: `--gpu-hour <dollars>`, `<scenario>`.
  var title: String {
    switch kind {
    case .positional: "<\(valueName)>"
    case .flag: ([longestName] + inverseNames.suffix(1).map(\.description)).joined(separator: "|")
    case .option: "\(longestName) <\(valueName)>"
    }
  }

  private var longestName: String { (names.last ?? inverseNames.last).map(\.description) ?? valueName }
}

/// A wrapped property that declares parameters; the parser finds these by reflection.
protocol ParameterSource {
  /// The parameters of a property called `key`.
  func parameters(key: String) -> [Parameter]
  /// Refuses combinations within a group of parameters.
  func validateGroup() throws
}

extension ParameterSource {
  func validateGroup() throws {}
}

/// Where a wrapped property's value lives. A class, so that the parser can fill in what reflection only lends it.
final class ParameterStorage<Value> {
  var value: Value?
  var isParsed = false

  init(_ value: Value?) { self.value = value }

  /// The value, which is there once the command is parsed.
  func read(_ wrapper: String) -> Value {
    guard let value else {
      preconditionFailure(
        "a required @\(wrapper) was read before parsing: make commands with parse(), not with init()")
    }
    return value
  }
}

/// The parameters of a set, in the order in which its properties are declared.
func parameters(of arguments: any ParsableArguments) -> [Parameter] {
  sources(of: arguments).flatMap { $0.source.parameters(key: $0.key) }
}

/// The wrapped properties of a set with their names.
func sources(of arguments: any ParsableArguments) -> [(key: String, source: any ParameterSource)] {
  Mirror(reflecting: arguments).children.compactMap { child in
    guard let label = child.label, let source = child.value as? any ParameterSource else { return nil }
    // A property wrapper is stored under the property's name with an underscore before it.
    return (String(label.drop { $0 == "_" }), source)
  }
}
