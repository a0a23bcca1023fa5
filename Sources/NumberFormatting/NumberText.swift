// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where a number becomes words for people, so that a page, a terminal and a sentence never disagree.

/// Numbers as text, the same in every locale.
///
/// A narrow no-break space (U+202F) stands between digits and unit and groups thousands; minus is U+2212. CSV cells use
/// `cents` and `plain`, which are ASCII.
public enum NumberText {
  /// Between digits and units: they never part at a line's end.
  public static let space = "\u{202F}"

  /// Dollars with three significant digits: `$1.24 M`, `$38.2 k`, `$512`, `$51.20`, `$0.66`, `$0.00213`, `−$38.2 k`.
  public static func money(_ dollars: Double) -> String {
    guard dollars.isFinite else { return "–" }
    let sign = dollars < 0 ? "−" : ""
    let size = dollars.magnitude
    if size < 0.000_000_5 { return "$0" }
    let text: String
    switch size {
    case ..<0.9995:
      let digits = DecimalText.trimmed(size, digits: decimals(of: size, digits: 3))
      // Cents at least: $0.50, not $0.5.
      text = digits.utf8.count < 4 ? DecimalText.fixed(size, digits: 2) : digits
    case ..<99.995: text = DecimalText.fixed(size, digits: 2)
    case ..<999.5: text = DecimalText.fixed(size, digits: 0)
    default: return sign + "$" + scaled(size)
    }
    return sign + "$" + (text.hasSuffix(".00") ? String(text.dropLast(3)) : text)
  }

  /// A round amount for an axis: as `money`, without zeros at the end: `$200 k`, `$1.5 M`.
  public static func axisMoney(_ dollars: Double) -> String {
    guard dollars.isFinite else { return "–" }
    let sign = dollars < 0 ? "−" : ""
    let size = dollars.magnitude
    guard size >= 999.5 else { return sign + "$" + DecimalText.trimmed(size, digits: 6) }
    return sign + "$" + scaled(size, trimmed: true)
  }

  /// Two amounts as a range: `$302 k – $489 k`.
  public static func moneyRange(_ low: Double, _ high: Double) -> String {
    money(low) + " – " + money(high)
  }

  /// A share as a percentage with one decimal, or none: `71.3 %`. What is not quite 0 or 1 never reads as if it were:
  /// `<0.1 %`, `>99.9 %`.
  public static func percent(_ share: Double, digits: Int = 1) -> String {
    guard share.isFinite else { return "–" }
    let hundredths = share * 100
    let least = digits == 0 ? 1.0 : 0.1
    let text = DecimalText.fixed(hundredths, digits: digits)
    if share > 0, hundredths < least / 2 {
      return "<" + DecimalText.trimmed(least, digits: digits) + space + "%"
    }
    if share < 1, hundredths > 100 - least / 2 {
      return ">" + DecimalText.trimmed(100 - least, digits: digits) + space + "%"
    }
    return minus(text) + space + "%"
  }

  /// A share that must reach a threshold, rounded down to a tenth of a percent: 0.9496 reads 94.9 %, never 95.0 %.
  public static func attainment(_ share: Double) -> String {
    // A hair of tolerance: 0.95 stands as 0.94999… in binary and is 95 %.
    percent((share * 1000 + 1e-9).rounded(.down) / 1000)
  }

  /// A probability with its interval: `71 % (68–74)`.
  public static func probability(_ estimate: Double, _ low: Double, _ high: Double) -> String {
    let bounds = [low, high].map { DecimalText.fixed($0 * 100, digits: 0) }
    return percent(estimate, digits: 0) + " (" + minus(bounds[0]) + "–" + minus(bounds[1]) + ")"
  }

  /// A whole number with groups of three: `1 234 567`.
  public static func count(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let digits = DecimalText.fixed(value.magnitude, digits: 0)
    var grouped = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { grouped += space }
      grouped.append(digit)
    }
    return value < 0 && digits != "0" ? "−" + grouped : grouped
  }

  /// A large quantity with three significant digits: `3.72 bn`, `41.9 M`, `38.2 k`, `512`.
  public static func quantity(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    guard value.magnitude >= 999.5 else { return significant(value) }
    return (value < 0 ? "−" : "") + scaled(value.magnitude)
  }

  /// Significant digits, without zeros at the end: `0.0123`, `1.5`, `38.1`, `1 240`.
  public static func significant(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return "–" }
    let needed = decimals(of: value.magnitude, digits: digits)
    if needed == 0 { return count(value) }
    return minus(DecimalText.trimmed(value, digits: needed))
  }

  /// Milliseconds, seconds from one on: `812 ms`, `1.42 s`.
  public static func milliseconds(_ value: Double) -> String {
    value.magnitude < 999.5
      ? significant(value) + space + "ms" : significant(value / 1000) + space + "s"
  }

  /// A multiple with two decimals, fewer from ten on: `1.80×`, `0.62×`, `12.4×`.
  public static func multiple(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let digits = value.magnitude < 9.995 ? 2 : value.magnitude < 99.95 ? 1 : 0
    return minus(DecimalText.fixed(value, digits: digits)) + "×"
  }

  /// A value of a break-even's axis: a share for `utilization`, dollars for `gpu-price` and `output-price`, tokens per
  /// second for `throughput`, a month for `payback`, a multiple of the plan otherwise.
  public static func breakEven(_ value: Double, axis: String) -> String {
    switch axis {
    case "utilization": percent(value, digits: 0)
    case "gpu-price", "output-price": money(value)
    case "throughput": "\(quantity(value))\(space)tok/s"
    case "payback": "month\(space)\(significant(value))"
    default: multiple(value)
    }
  }

  /// A multiple for an axis, two significant digits: `0.5×`, `1×`, `1.2×`.
  public static func axisMultiple(_ value: Double) -> String {
    significant(value, digits: 2) + "×"
  }

  /// A round quantity for an axis: as `quantity`, without zeros at the end: `50 k`.
  public static func axisQuantity(_ value: Double) -> String {
    guard value.magnitude >= 999.5, value.isFinite else { return significant(value) }
    return (value < 0 ? "−" : "") + scaled(value.magnitude, trimmed: true)
  }

  /// Dollars and cents for a CSV cell: `-1234.50`.
  public static func cents(_ dollars: Double) -> String {
    DecimalText.fixed(dollars, digits: 2)
  }

  /// A number for a CSV cell with at most `digits` decimals: `0.713`.
  public static func plain(_ value: Double, digits: Int = 6) -> String {
    DecimalText.trimmed(value, digits: digits)
  }

  /// Three significant digits and a suffix; 999 950 is `$1 M`, not `$1000 k`.
  private static func scaled(_ size: Double, trimmed: Bool = false) -> String {
    let units: [(Double, String)] = [(1e3, "k"), (1e6, "M"), (1e9, "bn"), (1e12, "tn")]
    for (unit, suffix) in units where size < unit * 999.5 || suffix == "tn" {
      let mantissa = size / unit
      let digits = decimals(of: mantissa, digits: 3)
      let text =
        trimmed ? DecimalText.trimmed(mantissa, digits: digits) : DecimalText.fixed(mantissa, digits: digits)
      return text + space + suffix
    }
    return ""
  }

  /// The decimals that give a size so many significant digits, at most twelve.
  private static func decimals(of size: Double, digits: Int) -> Int {
    guard size > 0 else { return 0 }
    var needed = digits - 1
    var bound = 10.0
    // What rounds up to the next power of ten needs one decimal less: 9.996 is 10.0.
    while size >= bound - 0.5 * power(-needed), needed > 0 {
      needed -= 1
      bound *= 10
    }
    bound = 1
    while size < bound - 0.5 * power(-needed - 1), needed < 12 {
      needed += 1
      bound /= 10
    }
    return needed
  }

  private static func power(_ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<exponent.magnitude { result *= 10 }
    return exponent < 0 ? 1 / result : result
  }

  private static func minus(_ text: String) -> String {
    text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }
}
