// SPDX-License-Identifier: GPL-3.0-or-later
// Why the store could not do what was asked, in terms that a caller can turn into text and an exit code.

/// A failure of the store. Nothing is half-written when one is thrown.
public enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// SQLite failed.
  case sqlite(ResultCode, path: String, action: String, message: String)
  /// There is no such file, and it was not to be made.
  case missing(path: String)
  /// The file is a database, but another program's.
  case foreign(path: String, applicationID: Int32)
  /// The file was written by a newer version, whose layout this one does not know.
  case newerVersion(path: String, found: Int, known: Int)
  /// The file has an older layout and was opened for reading only, so that it cannot be brought up to date.
  case outdated(path: String, found: Int, known: Int)
  /// Another process holds the store for itself, as the holder's words say.
  case held(path: String, holder: String)
  /// What is stored contradicts itself.
  case damaged(path: String, reason: String)
  /// The store holds no such run.
  case noSuchRun(RunReference, path: String)
  /// A run cannot have this name, because another run or a scenario has it.
  case nameTaken(String, run: Int64, path: String)
  /// The file that was to be written is there already.
  case exists(path: String)
  /// A finished copy could not take the place of its target.
  case cannotReplace(path: String, reason: String)
  /// The run that was to be saved contradicts itself: a mistake of the caller.
  case invalidRun(reason: String)

  /// SQLite's code, where SQLite failed.
  public var code: ResultCode? {
    if case .sqlite(let code, _, _, _) = self { code } else { nil }
  }

  /// Whether another process holds the store; trying again may help.
  public var isLocked: Bool {
    if case .held = self { true } else { code?.isLocked ?? false }
  }

  /// Whether the store's file or folder cannot be opened or written.
  public var cannotWrite: Bool {
    switch self {
    case .sqlite(let code, _, _, _): code.cannotWrite
    case .exists, .cannotReplace, .nameTaken: true
    default: false
    }
  }

  /// Whether what was asked for is not there: the store, or the run in it.
  public var isMissing: Bool {
    switch self {
    case .missing, .noSuchRun: true
    default: false
    }
  }

  /// Whether the file is at fault: no store of this program, broken, or of another version.
  public var isBadFile: Bool {
    switch self {
    case .sqlite(let code, _, _, _): code.isDamaged
    case .foreign, .newerVersion, .outdated, .damaged: true
    case .missing, .held, .noSuchRun, .invalidRun, .exists, .cannotReplace, .nameTaken: false
    }
  }

  /// What went wrong, in words, with the file's path.
  public var description: String {
    switch self {
    case .sqlite(let code, let path, let action, let message):
      "cannot \(action) '\(path)': \(message) (\(code))"
        + (code.primary == .corrupt ? "; restore it from a backup" : "")
    case .missing(let path):
      "there is no store '\(path)'; `breakeven plan` makes one, --database names another"
    case .foreign(let path, let applicationID):
      "'\(path)' is another program's database (application id \(applicationID)); name another file"
    case .newerVersion(let path, let found, let known):
      "'\(path)' was written by a newer breakeven: layout \(found), this one knows \(known); "
        + "use the newer one"
    case .outdated(let path, let found, let known):
      "'\(path)' has layout \(found), this breakeven needs \(known); open it once with write access"
    case .held(let path, let holder):
      "another nightly run holds '\(path)': \(holder); wait until it ends"
    case .damaged(let path, let reason):
      "'\(path)' is damaged: \(reason); restore it from a backup"
    case .noSuchRun(let run, let path):
      "there is no run \(run) in '\(path)'; `breakeven runs list` shows what there is"
    case .nameTaken(let name, let run, let path):
      "'\(name)' is taken in '\(path)': it is the name of run \(run), or of its scenario; choose another name"
    case .exists(let path):
      "'\(path)' is there already; name another file, or add --force to replace it"
    case .cannotReplace(let path, let reason):
      "cannot write '\(path)': \(reason)"
    case .invalidRun(let reason):
      "the run cannot be saved: \(reason)"
    }
  }
}
