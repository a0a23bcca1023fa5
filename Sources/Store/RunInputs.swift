// SPDX-License-Identifier: GPL-3.0-or-later
// What a run was made from, word for word: a question about it must not depend on whether its file is still there, or
// still the same.

/// Everything that a run followed from but the program, and the traces its scenario names.
public struct RunInputs: Sendable, Hashable, Codable {
  /// A file's name and what it said.
  public struct Text: Sendable, Hashable, Codable {
    /// The name; of the scenario the path as it was given.
    public var name: String
    /// The content.
    public var text: String

    /// A file.
    public init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  /// What of the sampling was said beside the scenario; nil where nothing was.
  public struct Settings: Sendable, Hashable, Codable {
    /// The seed.
    public var seed: UInt64?
    /// Futures, those of the first round where there is a target.
    public var draws: Int?
    /// The target's half width of the mean cost's interval, as a share.
    public var target: Double?
    /// The most futures on the way to the target.
    public var maximumDraws: Int?
    /// `full` or `fast`.
    public var fidelity: String?

    /// Nothing beside the scenario.
    public init() {}
  }

  /// The scenario file.
  public var scenario: Text
  /// The folder in which it was run, absolute: relative paths are seen from there.
  public var folder: String
  /// Texts of the form `path=value`, in order.
  public var overrides: [String]
  /// The files of the built-in catalog at that time, in their order.
  public var catalog: [Text]
  /// The files that were laid over them.
  public var overlays: [Text]
  /// The folder that these were in; nil where there was none.
  public var catalogFolder: String?
  /// What of the sampling was said beside the scenario.
  public var settings: Settings

  /// Inputs from their parts.
  public init(
    scenario: Text, folder: String, overrides: [String], catalog: [Text], overlays: [Text],
    catalogFolder: String?, settings: Settings
  ) {
    self.scenario = scenario
    self.folder = folder
    self.overrides = overrides
    self.catalog = catalog
    self.overlays = overlays
    self.catalogFolder = catalogFolder
    self.settings = settings
  }
}
