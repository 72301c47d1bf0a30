# The front door. Thin targets over cargo, npm and the project's own command line.

WASM_BINDGEN_VERSION := 0.2.130
TOOLS := .build/tools
# A wasm-bindgen of the right version on PATH will do; else one is built into .build/tools.
WASM_BINDGEN := $(shell wasm-bindgen --version 2>/dev/null | grep -qx 'wasm-bindgen $(WASM_BINDGEN_VERSION)' && command -v wasm-bindgen || echo $(TOOLS)/bin/wasm-bindgen)
TRUNK_VERSION := 0.21.14
# The same for trunk, which builds the playground's page.
TRUNK := $(shell trunk --version 2>/dev/null | grep -qx 'trunk $(TRUNK_VERSION)' && command -v trunk || echo $(CURDIR)/$(TOOLS)/bin/trunk)
# trunk looks on PATH for wasm-bindgen and wasm-opt, and stops at a NO_COLOR that is not `true`.
WITH_TRUNK = cd playground && env -u NO_COLOR PATH="$(CURDIR)/npm/node_modules/.bin:$(abspath $(dir $(WASM_BINDGEN))):$$PATH" $(TRUNK)
# The judges' Python: 3.11 or newer, in an environment of its own.
PYTHON := .build/python
# The benchmark's, for a rival.
BENCH_PYTHON := .build/bench-python
CRATE_WASM := target/wasm32-unknown-unknown/release/schemagen_wasm.wasm
WASM := npm/wasm/schemagen_bg.wasm
CLI := npm/dist/esm/cli.js
NPM_SOURCES := npm/package.json $(wildcard npm/tsconfig*.json) $(shell find npm/src npm/scripts npm/bin -type f)
APPS := examples/node-api examples/vite-react-supabase
SCHEMAGEN := node $(CURDIR)/npm/bin/schemagen.mjs
# WebAssembly names the sources of what may panic. Where crates lie on the machine that builds it is nobody's business.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS := --remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)/registry/src=crates

.PHONY: demo build test test-rust test-npm judges bundlers examples playground playground-build playground-test chromium fuzz codegen bench lint clean wasm32
.DEFAULT_GOAL := demo

demo: build ## generates and verifies the example
	cd examples/saas && $(SCHEMAGEN) generate
	cd examples/saas && $(SCHEMAGEN) verify

build: $(CLI) ## leaves the command line runnable as `node npm/bin/schemagen.mjs`

test: test-rust test-npm judges bundlers examples playground-test ## runs every suite; each prints its counts

test-rust: ## core's own tests, the cases, the house rules, the properties, a bounded run of the fuzz target
	cargo test --workspace --no-fail-fast

fuzz: ## runs the fuzz target without end; needs nightly and cargo-fuzz
	cd tests && cargo +nightly fuzz run compile

codegen: ## writes docs/*.md from the grammar, the codes and the targets
	UPDATE=1 cargo test --package schemagen-tests --test codegen

test-npm: build
	npm --prefix npm test

judges: build tests/node_modules $(PYTHON)/installed ## holds what is written against the tools that its users run on it
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v pg_config >/dev/null || \
		{ test "$$(id -u)" = 0 && apt-get update && apt-get install --yes postgresql; } || \
		{ echo "the judges need PostgreSQL's server: install the package postgresql"; exit 1; }
	cargo build --package schemagen-tests --bin compile
	npm --prefix tests run judges

bundlers: build tests/node_modules tests/bundlers/frameworks/node_modules chromium ## runs the plugin in every bundler, and Vite's server with a page in a browser
	npm --prefix tests run bundlers

examples: build tests/node_modules $(APPS:%=%/node_modules) chromium ## builds the example applications and uses them: in a browser, on a PostgreSQL server
	npm --prefix tests run examples

playground: wasm32 $(WASM_BINDGEN) $(TRUNK) npm/node_modules playground/node_modules ## serves the playground for development, built again on every save
	$(WITH_TRUNK) serve

playground-build: wasm32 $(WASM_BINDGEN) $(TRUNK) npm/node_modules playground/node_modules ## builds what is published of the playground, in playground/dist
	$(WITH_TRUNK) build --release

playground-test: playground-build tests/node_modules chromium ## uses the built playground as its visitors do, in a browser
	npm --prefix tests run playground

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		{ test "$$(id -u)" = 0 && apt-get update && apt-get install --yes chromium; } || \
		{ echo "these tests need Chromium: install the package chromium"; exit 1; }

bench: build playground-build tests/node_modules $(BENCH_PYTHON)/installed chromium ## prints ratios measured in one run
	npm --prefix tests run bench

lint: build playground/node_modules ## formats, lints and types; writes nothing
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --package schemagen-wasm --package schemagen-playground --target wasm32-unknown-unknown -- -D warnings
	npm --prefix npm run lint
	npm --prefix playground run lint

clean:
	cargo clean
	rm -rf .build npm/dist npm/wasm npm/node_modules playground/dist playground/node_modules tests/node_modules \
		tests/bundlers/frameworks/node_modules $(APPS:%=%/node_modules)

$(CLI): $(WASM) $(NPM_SOURCES) npm/node_modules
	npm --prefix npm run build

$(WASM): $(CRATE_WASM) $(WASM_BINDGEN) npm/node_modules
	$(WASM_BINDGEN) --target web --omit-default-module-path --experimental-reset-state-function \
		--out-dir .build/wasm --out-name schemagen $<
	mkdir -p npm/wasm
# A function that is inlined where it is called once is compiled with its caller, whether or not it is reached: a cold start
# would pay for that. In the order of their names like functions are neighbours, which makes the file smaller once compressed.
# No address below 1024 is ever used, as the stack would have to overflow first; so what is added to an address becomes the
# offset of its access. What is computed twice, engines find by themselves: to keep it is larger once compressed.
# The first pass leaves something to do for a second.
	npm/node_modules/.bin/wasm-opt -O3 -O3 --low-memory-unused --one-caller-inline-max-function-size=10 --skip-pass=local-cse \
		--reorder-functions-by-name .build/wasm/schemagen_bg.wasm -o $@
	cp .build/wasm/schemagen.js .build/wasm/schemagen.d.ts npm/wasm/
	touch $@

# cargo knows what changed, also while it builds; it leaves the file alone where nothing did.
$(CRATE_WASM): wasm32
	cargo rustc --release --target wasm32-unknown-unknown -p schemagen-wasm --crate-type cdylib

wasm32:
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

$(TOOLS)/bin/wasm-bindgen:
	cargo install wasm-bindgen-cli --version $(WASM_BINDGEN_VERSION) --root $(TOOLS)

$(PYTHON)/installed: tests/judges/python/requirements.txt
$(BENCH_PYTHON)/installed: tests/bench/requirements.txt
$(PYTHON)/installed $(BENCH_PYTHON)/installed:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "this needs Python 3.11 or newer"; exit 1; }
	python3 -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

$(CURDIR)/$(TOOLS)/bin/trunk:
	cargo install trunk --version $(TRUNK_VERSION) --locked --root $(TOOLS)

npm/node_modules playground/node_modules tests/node_modules tests/bundlers/frameworks/node_modules $(APPS:%=%/node_modules): \
		%/node_modules: %/package-lock.json
	npm --prefix $* ci
	touch $@
