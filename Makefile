# SPDX-License-Identifier: GPL-3.0-or-later
# Every routine job on this repository: `make` lists them.

# One shell per recipe, which stops at the first thing that fails, also within a pipe.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

# Toolchains often live outside PATH: /opt/swift, and the folder of swiftly.
export PATH := $(PATH):/opt/swift/usr/bin:$(HOME)/.local/share/swiftly/bin

SCENARIO ?= workloads/support-assistant.yaml
# What is formatted and linted; folders that are not there (yet) are left out.
SOURCES := $(wildcard Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources \
  Fuzzing/Package.swift Fuzzing/Sources)
# How long `make fuzz` looks for inputs that crash a reader.
FUZZ_SECONDS ?= 60

.PHONY: help toolchain deps build plan test test-report sample bench fuzz format lint

help: ## Show this list.
	@echo "usage: make TARGET"
	sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' Makefile | expand -t 15

toolchain:
	@complain() {
	  echo "Error: $$1: install Swift 6.2 or later from https://www.swift.org/install/linux/ and put \`swift\` on PATH." >&2
	  exit 1
	}
	command -v swift > /dev/null || complain "no Swift toolchain was found"
	version=$$(swift --version 2> /dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1 || true)
	[ -n "$$version" ] || complain "\`swift --version\` does not run"
	[ "$$(printf '6.2\n%s\n' "$$version" | sort -V | head -n 1)" = 6.2 ] || complain "Swift $$version is too old"

deps: toolchain ## Check the Swift toolchain; install what is missing of GSL, SQLite, libyaml, zlib and pkg-config.
	@present() {
	  { command -v pkg-config > /dev/null && pkg-config --exists "$$1"; } \
	    || dpkg-query --show --showformat='$${Status}' "$$2" 2> /dev/null | grep -q 'ok installed'
	}
	missing=()
	command -v pkg-config > /dev/null || missing+=(pkg-config)
	present gsl libgsl-dev || missing+=(libgsl-dev)
	present sqlite3 libsqlite3-dev || missing+=(libsqlite3-dev)
	present yaml-0.1 libyaml-dev || missing+=(libyaml-dev)
	present zlib zlib1g-dev || missing+=(zlib1g-dev)
	[ $${#missing[@]} -gt 0 ] || exit 0
	.ci/apt-install "$${missing[@]}"

build: deps ## Build .build/release/breakeven.
	swift build -c release --product breakeven

plan: build ## Plan the sample scenario, or SCENARIO=FILE.
	.build/release/breakeven plan "$(SCENARIO)"

test: deps ## Build and run all tests; the last line counts them.
	@# Lines that say a test has started are left out: with them the failures are hard to find.
	swift test -c release --disable-xctest 2>&1 | sed -u '/^◇ .* started\.$$/d'

test-report: build ## Check a fresh report in Chromium and its files as data; both are installed if missing.
	@Tests/report/run.sh

sample: build ## Make the sample report, its data and the screenshot of README.md again.
	@folder=$$(mktemp -d)
	trap 'rm -rf "$$folder"' EXIT
	breakeven() { .build/release/breakeven "$$@" --database "$$folder/runs.sqlite"; }
	breakeven plan workloads/support-assistant.yaml --fidelity fast --quiet --out "$$folder/report" > /dev/null
	breakeven export --format datapackage --license GPL-3.0-or-later --out notebooks-data
	mkdir -p reports/sample
	cp "$$folder/report/report.html" "$$folder/report/summary.md" reports/sample/
	PYTHONDONTWRITEBYTECODE=1 python3 Tests/report/screenshot.py reports/sample/report.html docs/report.png

bench: deps ## Build and run the benchmarks.
	cd Benchmarks
	swift run -c release

fuzz: deps ## Feed the readers of logs made-up input for FUZZ_SECONDS (60); what it has tried stays in Fuzzing/.build.
	@cd Fuzzing
	swift build -c release --product FuzzReaders -Xswiftc -sanitize=fuzzer
	swiftc -sanitize=fuzzer -Xlinker -u -Xlinker LLVMFuzzerTestOneInput -o .build/fuzz-readers \
	  .build/release/libFuzzReaders.a $$(pkg-config --libs gsl zlib)
	mkdir -p .build/corpus
	.build/fuzz-readers -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=10 .build/corpus

format: toolchain ## Format every Swift file in place.
	swift format --in-place --recursive --parallel $(SOURCES)

lint: toolchain ## Check formatting and the rules of the repository.
	swift format lint --strict --recursive --parallel $(SOURCES)
	Tests/lint-repository.sh
