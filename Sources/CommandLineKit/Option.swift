// SPDX-License-Identifier: GPL-3.0-or-later
// `@Option`: a named parameter with a value, `--name value` or `--name=value`.

/// A named parameter with a value.
///
///     @Option(help: "Seed of every random stream.") var seed: UInt64 = 1
///     @Option(name: .shortAndLong) var output: String?
///     @Option(name: .customLong("set")) var overrides: [String] = []
///
/// Without a default it is required, unless its type is optional. An array collects repeated options in order;
/// otherwise the last one given counts.
@propertyWrapper
public struct Option<Value>: ParameterSource {
  private var storage: ParameterStorage<Value>
  private let declaration: (String) -> Parameter

  /// The parsed value, or the default.
  public var wrappedValue: Value {
    get { storage.read("Option") }
    set { storage = ParameterStorage(newValue) }
  }

  func parameters(key: String) -> [Parameter] { [declaration(key)] }

  /// A required option.
  public init(name: NameSpecification = .long, help: ArgumentHelp? = nil) where Value: ExpressibleByArgument {
    let storage = ParameterStorage<Value>(nil)
    self.storage = storage
    declaration = { .named($0, name, help, nil, isRequired: true, into: storage) { $1 } }
  }

  /// An option with a default.
  public init(wrappedValue: Value, name: NameSpecification = .long, help: ArgumentHelp? = nil)
  where Value: ExpressibleByArgument {
    let storage = ParameterStorage<Value>(wrappedValue)
    self.storage = storage
    let text = wrappedValue.defaultValueDescription
    declaration = { .named($0, name, help, text, isRequired: false, into: storage) { $1 } }
  }

  /// An option that may be absent.
  public init<Wrapped: ExpressibleByArgument>(
    wrappedValue: Wrapped? = nil, name: NameSpecification = .long, help: ArgumentHelp? = nil
  ) where Value == Wrapped? {
    let storage = ParameterStorage<Value>(.some(wrappedValue))
    self.storage = storage
    let text = wrappedValue?.defaultValueDescription
    declaration = { .named($0, name, help, text, isRequired: false, into: storage) { $1 } }
  }

  /// An option that must be given once or more.
  public init<Element: ExpressibleByArgument>(name: NameSpecification = .long, help: ArgumentHelp? = nil)
  where Value == [Element] {
    let storage = ParameterStorage<Value>(nil)
    self.storage = storage
    declaration = {
      .named(
        $0, name, help, nil, isRequired: true, isRepeating: true, into: storage, combine: Parameter.append)
    }
  }

  /// An option that may be repeated; what is given replaces the default.
  public init<Element: ExpressibleByArgument>(
    wrappedValue: [Element], name: NameSpecification = .long, help: ArgumentHelp? = nil
  ) where Value == [Element] {
    let storage = ParameterStorage<Value>(wrappedValue)
    self.storage = storage
    let text = Parameter.listText(wrappedValue)
    declaration = {
      .named(
        $0, name, help, text, isRequired: false, isRepeating: true, into: storage, combine: Parameter.append)
    }
  }
}

extension Parameter {
  /// The parameter of an option whose values are of type `Element`.
  fileprivate static func named<Value, Element: ExpressibleByArgument>(
    _ key: String, _ name: NameSpecification, _ help: ArgumentHelp?, _ defaultText: String?, isRequired: Bool,
    isRepeating: Bool = false, into storage: ParameterStorage<Value>,
    combine: @escaping (Value?, Element) -> Value
  ) -> Parameter {
    let names = name.names(key: key)
    var valueName = kebabCase(key)
    if case .long(let long) = names.last { valueName = long }
    return Parameter(
      kind: .option, names: names, valueName: help?.valueName ?? valueName, help: help ?? ArgumentHelp(),
      defaultText: defaultText, allowedValues: Element.allValueStrings, expectation: Element.expectation,
      isRequired: isRequired, isRepeating: isRepeating, store: storing(into: storage, combine: combine),
      isParsed: { storage.isParsed })
  }

  /// Reads text as an `Element` and combines it with what this parse has read before.
  static func storing<Value, Element: ExpressibleByArgument>(
    into storage: ParameterStorage<Value>, combine: @escaping (Value?, Element) -> Value
  ) -> (String) -> Bool {
    { text in
      guard let element = Element(argument: text) else { return false }
      storage.value = combine(storage.isParsed ? storage.value : nil, element)
      storage.isParsed = true
      return true
    }
  }

  /// How a repeated parameter combines: in the order given.
  static func append<Element>(_ before: [Element]?, _ element: Element) -> [Element] {
    (before ?? []) + [element]
  }

  /// The default of a repeated parameter as typed; nil for an empty list.
  static func listText<Element: ExpressibleByArgument>(_ values: [Element]) -> String? {
    values.isEmpty ? nil : values.map(\.defaultValueDescription).joined(separator: ", ")
  }
}
