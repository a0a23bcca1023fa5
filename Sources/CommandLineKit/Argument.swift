// SPDX-License-Identifier: GPL-3.0-or-later
// `@Argument`: a parameter known by its position.

/// A parameter known by its position.
///
///     @Argument(help: "The scenario file.") var scenario: String
///     @Argument var files: [String] = []
///
/// Without a default it is required, unless its type is optional. An array takes all that is left.
@propertyWrapper
public struct Argument<Value>: ParameterSource {
  private var storage: ParameterStorage<Value>
  private let declaration: (String) -> Parameter

  /// The parsed value, or the default.
  public var wrappedValue: Value {
    get { storage.read("Argument") }
    set { storage = ParameterStorage(newValue) }
  }

  func parameters(key: String) -> [Parameter] { [declaration(key)] }

  /// A required argument.
  public init(help: ArgumentHelp? = nil) where Value: ExpressibleByArgument {
    let storage = ParameterStorage<Value>(nil)
    self.storage = storage
    declaration = { .positional($0, help, nil, isRequired: true, into: storage) { $1 } }
  }

  /// An argument with a default.
  public init(wrappedValue: Value, help: ArgumentHelp? = nil) where Value: ExpressibleByArgument {
    let storage = ParameterStorage<Value>(wrappedValue)
    self.storage = storage
    let text = wrappedValue.defaultValueDescription
    declaration = { .positional($0, help, text, isRequired: false, into: storage) { $1 } }
  }

  /// An argument that may be absent.
  public init<Wrapped: ExpressibleByArgument>(wrappedValue: Wrapped? = nil, help: ArgumentHelp? = nil)
  where Value == Wrapped? {
    let storage = ParameterStorage<Value>(.some(wrappedValue))
    self.storage = storage
    let text = wrappedValue?.defaultValueDescription
    declaration = { .positional($0, help, text, isRequired: false, into: storage) { $1 } }
  }

  /// One or more arguments.
  public init<Element: ExpressibleByArgument>(help: ArgumentHelp? = nil) where Value == [Element] {
    let storage = ParameterStorage<Value>(nil)
    self.storage = storage
    declaration = {
      .positional(
        $0, help, nil, isRequired: true, isRepeating: true, into: storage, combine: Parameter.append)
    }
  }

  /// Any number of arguments; what is given replaces the default.
  public init<Element: ExpressibleByArgument>(wrappedValue: [Element], help: ArgumentHelp? = nil)
  where Value == [Element] {
    let storage = ParameterStorage<Value>(wrappedValue)
    self.storage = storage
    let text = Parameter.listText(wrappedValue)
    declaration = {
      .positional(
        $0, help, text, isRequired: false, isRepeating: true, into: storage, combine: Parameter.append)
    }
  }
}

extension Parameter {
  /// The parameter of a positional argument whose values are of type `Element`.
  fileprivate static func positional<Value, Element: ExpressibleByArgument>(
    _ key: String, _ help: ArgumentHelp?, _ defaultText: String?, isRequired: Bool, isRepeating: Bool = false,
    into storage: ParameterStorage<Value>, combine: @escaping (Value?, Element) -> Value
  ) -> Parameter {
    Parameter(
      kind: .positional, names: [], valueName: help?.valueName ?? kebabCase(key),
      help: help ?? ArgumentHelp(),
      defaultText: defaultText, allowedValues: Element.allValueStrings, expectation: Element.expectation,
      isRequired: isRequired, isRepeating: isRepeating, store: storing(into: storage, combine: combine),
      isParsed: { storage.isParsed })
  }
}
