// SPDX-License-Identifier: GPL-3.0-or-later
// `@Flag`: a named parameter that is on or off.

/// How a flag is switched off.
public enum FlagInversion: Sendable, Hashable {
  /// `--color` and `--no-color`.
  case prefixedNo
}

/// A named parameter that is on or off.
///
///     @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
///     @Flag(inversion: .prefixedNo) var color = true
@propertyWrapper
public struct Flag: ParameterSource {
  private var storage: ParameterStorage<Bool>
  private let declaration: (String) -> Parameter

  /// Whether the flag is on.
  public var wrappedValue: Bool {
    get { storage.read("Flag") }
    set { storage = ParameterStorage(newValue) }
  }

  func parameters(key: String) -> [Parameter] { [declaration(key)] }

  /// A flag; with an inversion also one to switch it off, of which the last given counts.
  public init(
    wrappedValue: Bool = false, name: NameSpecification = .long, inversion: FlagInversion? = nil,
    help: ArgumentHelp? = nil
  ) {
    let storage = ParameterStorage<Bool>(wrappedValue)
    self.storage = storage
    declaration = { key in
      let names = name.names(key: key)
      let inverse: [ParameterName] =
        inversion == nil
        ? []
        : names.compactMap { name in
          if case .long(let long) = name { .long("no-\(long)") } else { nil }
        }
      return Parameter(
        kind: .flag, names: names, inverseNames: inverse, valueName: kebabCase(key),
        help: help ?? ArgumentHelp(),
        defaultText: inverse.isEmpty ? nil : (wrappedValue ? names : inverse).last.map(\.description),
        isRequired: false,
        store: Parameter.storing(into: storage) { $1 }, isParsed: { storage.isParsed })
    }
  }
}
