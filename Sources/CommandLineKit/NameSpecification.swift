// SPDX-License-Identifier: GPL-3.0-or-later
// How an option or flag is called: by the property's name, by its first letter, or as it pleases.

/// The names of an option or flag.
public struct NameSpecification: Sendable, ExpressibleByArrayLiteral {
  /// One way to name it.
  public struct Element: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
      case long
      case short
      case customLong(String)
      case customShort(Character)
    }
    var kind: Kind

    /// `--gpu-hour` for a property `gpuHour`.
    public static let long = Element(kind: .long)
    /// `-g` for a property `gpuHour`.
    public static let short = Element(kind: .short)
    /// `--` and the given name.
    public static func customLong(_ name: String) -> Element { Element(kind: .customLong(name)) }
    /// `-` and the given letter.
    public static func customShort(_ letter: Character) -> Element { Element(kind: .customShort(letter)) }
  }

  var elements: [Element]

  /// Several names at once.
  public init(arrayLiteral elements: Element...) { self.elements = elements }

  /// `--gpu-hour` for a property `gpuHour`.
  public static let long: NameSpecification = [.long]
  /// `-g` for a property `gpuHour`.
  public static let short: NameSpecification = [.short]
  /// `-g` and `--gpu-hour` for a property `gpuHour`.
  public static let shortAndLong: NameSpecification = [.short, .long]
  /// `--` and the given name.
  public static func customLong(_ name: String) -> NameSpecification { [.customLong(name)] }
  /// `-` and the given letter.
  public static func customShort(_ letter: Character) -> NameSpecification { [.customShort(letter)] }

  /// The names for a property, short ones first, as help shows them.
  func names(key: String) -> [ParameterName] {
    let long = kebabCase(key)
    let all = elements.map { element -> ParameterName in
      switch element.kind {
      case .long: .long(long)
      case .short: .short(long.first ?? "?")
      case .customLong(let name): .long(name)
      case .customShort(let letter): .short(letter)
      }
    }
    return all.filter(\.isShort) + all.filter { !$0.isShort }
  }
}

/// A name as it stands in an argument, with its dashes.
enum ParameterName: Hashable, CustomStringConvertible {
  case long(String)
  case short(Character)

  var isShort: Bool {
    if case .short = self { true } else { false }
  }

  var description: String {
    switch self {
    case .long(let name): "--\(name)"
    case .short(let letter): "-\(letter)"
    }
  }
}

/// What help says of a parameter.
public struct ArgumentHelp: Sendable, ExpressibleByStringInterpolation {
  /// One line or a few.
  public var abstract: String
  /// The word between angle brackets; the parameter's name where nil.
  public var valueName: String?

  /// Help for a parameter.
  public init(_ abstract: String = "", valueName: String? = nil) {
    self.abstract = abstract
    self.valueName = valueName
  }

  /// Help that is one line of text.
  public init(stringLiteral value: String) { self.init(value) }
}
