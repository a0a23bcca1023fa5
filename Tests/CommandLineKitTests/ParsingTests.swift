// SPDX-License-Identifier: GPL-3.0-or-later
// Arguments in, properties out: every way to write a parameter, and every default.

import CommandLineKit
import Testing

@Suite("Parsing")
struct ParsingTests {
  private func press(_ arguments: String...) throws -> Press {
    try #require(try Orchard.parseAsRoot(["press"] + arguments) as? Press)
  }

  @Test("What is not given keeps its default")
  func defaults() throws {
    let press = try press("apple", "--weight", "2.5")
    #expect(press.fruit == .apple)
    #expect(press.weight == 2.5)
    #expect(press.seed == 7)
    #expect(press.glasses == [])
    #expect(press.overrides == [])
    #expect(press.strain == nil)
    #expect(!press.peel)
    #expect(!press.output.quiet)
    #expect(press.output.outputFolder == nil)
    #expect(press.output.color)
  }

  @Test("Everything given arrives, whatever the order")
  func everything() throws {
    let press = try press(
      "--set", "a=b", "blood-orange", "-pq", "--weight=1e3", "3", "--set=c=d", "-o", "here", "--no-color",
      "--seed", "18446744073709551615", "4", "--strain", "false")
    #expect(press.fruit == .bloodOrange)
    #expect(press.weight == 1000)
    #expect(press.seed == .max)
    #expect(press.glasses == [3, 4])
    #expect(press.overrides == ["a=b", "c=d"])
    #expect(press.strain == false)
    #expect(press.peel)
    #expect(press.output.quiet)
    #expect(press.output.outputFolder == "here")
    #expect(!press.output.color)
  }

  @Test(
    "A short option takes its value apart, attached or after an equals sign",
    arguments: [["-w", "2"], ["-w2"], ["-w=2"], ["-pw2"], ["-pw", "2"], ["--weight", "2"], ["--weight=2"]])
  func valueForms(arguments: [String]) throws {
    let press = try Press.parse(["apple"] + arguments)
    #expect(press.weight == 2)
  }

  @Test("Of a single option given twice the last counts, and so of a flag and its inverse")
  func lastCounts() throws {
    let press = try press("apple", "-w1", "-w2", "--no-color", "--color")
    #expect(press.weight == 2)
    #expect(press.output.color)
  }

  @Test("After -- nothing is an option")
  func terminator() throws {
    let plant = try Tree.Plant.parse(["--", "--help"])
    #expect(plant.name == "--help")
    #expect(try Tree.Plant.parse(["--"]).name == nil)
  }

  @Test("Negative numbers, a dash alone and the empty text are values", arguments: ["-3", "-.5", "-", ""])
  func valuesWithDash(text: String) throws {
    #expect(try Tree.Plant.parse([text]).name == text)
  }

  @Test("A negative number is a value of an option too")
  func negativeOption() throws {
    #expect(try PickAll.parse(["--rows", "-2", "--rows=-3"]).rows == [-2, -3])
  }

  @Test("Without a name the default subcommand runs, with all its arguments")
  func defaultSubcommand() throws {
    let pick = try #require(try Defaulting.parseAsRoot(["--rows", "1", "ripe"]) as? PickAll)
    #expect(pick.rows == [1])
    #expect(pick.note == "ripe")
    #expect(try Defaulting.parseAsRoot(["plant", "oak"]) is Tree.Plant)
  }

  @Test("A command with subcommands and no argument is called itself")
  func rootAlone() throws {
    #expect(try Orchard.parseAsRoot([]) is Orchard)
    #expect(try Orchard.parseAsRoot(["tree"]) is Tree)
    #expect(try Orchard.parseAsRoot(["tree", "plant", "oak"]) is Tree.Plant)
  }

  @Test("A parsed command is a value: changing a copy leaves the original alone")
  func valueSemantics() throws {
    let original = try press("apple", "-w1")
    var copy = original
    copy.weight = 9
    copy.output.quiet = true
    #expect(original.weight == 1)
    #expect(!original.output.quiet)
    #expect(copy.weight == 9)
    #expect(copy.output.quiet)
  }
}
