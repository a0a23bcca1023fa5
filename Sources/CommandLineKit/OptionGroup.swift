// SPDX-License-Identifier: GPL-3.0-or-later
// `@OptionGroup`: parameters that several commands share, declared once.

/// Parameters declared elsewhere and taken over here.
///
///     struct OutputOptions: ParsableArguments { @Flag var json = false }
///     struct Calc: ParsableCommand { @OptionGroup var output: OutputOptions }
@propertyWrapper
public struct OptionGroup<Value: ParsableArguments>: ParameterSource {
  private var storage: ParameterStorage<Value>
  private let title: String?

  /// The group with its parsed values.
  public var wrappedValue: Value {
    get { storage.read("OptionGroup") }
    set { storage = ParameterStorage(newValue) }
  }

  /// A group; help lists its options under the title where there is one.
  public init(title: String? = nil) {
    self.storage = ParameterStorage(Value())
    self.title = title
  }

  func parameters(key: String) -> [Parameter] {
    CommandLineKit.parameters(of: wrappedValue).map { parameter in
      var parameter = parameter
      parameter.section = parameter.section ?? title
      return parameter
    }
  }

  func validateGroup() throws { try storage.value?.validate() }
}
