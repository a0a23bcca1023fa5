// SPDX-License-Identifier: GPL-3.0-or-later
// Digits must be the same on every machine and in every locale, so they are made here and nowhere else.

/// Decimal digits of a number, ASCII, without a locale.
public enum DecimalText {
  /// A number with exactly `digits` decimals, halves away from zero; never "-0". Not a number and infinities give "–".
  public static func fixed(_ value: Double, digits: Int) -> String {
    precondition((0...15).contains(digits), "decimals asked for: \(digits)")
    guard value.isFinite else { return "–" }
    let magnitude = value.magnitude
    // Beyond 2^63 a Double has no fraction and sixteen digits at most: its own text is as good.
    guard magnitude < 9.2e18 else { return "\(value)" }
    var scale: UInt64 = 1
    for _ in 0..<digits { scale *= 10 }
    var whole = UInt64(magnitude)
    var fraction = UInt64(((magnitude - Double(whole)) * Double(scale)).rounded(.toNearestOrAwayFromZero))
    if fraction == scale {
      whole += 1
      fraction = 0
    }
    let sign = value < 0 && (whole > 0 || fraction > 0) ? "-" : ""
    guard digits > 0 else { return sign + String(whole) }
    let decimals = String(fraction)
    return sign + String(whole) + "." + String(repeating: "0", count: digits - decimals.count) + decimals
  }

  /// As `fixed`, without the zeros at the end.
  public static func trimmed(_ value: Double, digits: Int) -> String {
    let text = fixed(value, digits: digits)
    guard text.contains("."), !text.contains("e") else { return text }
    var kept = Substring(text)
    while kept.last == "0" { kept.removeLast() }
    if kept.last == "." { kept.removeLast() }
    return String(kept)
  }
}
