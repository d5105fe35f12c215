# cxlens. `make help` lists the targets.

GO      ?= go
BIN     := bin/cxlens
FUZZTIME ?= 10s

# Tools, pinned here and run through the module proxy, so that nothing has to be installed by hand.
GOFUMPT     := $(GO) run mvdan.cc/gofumpt@v0.12.0
STATICCHECK := $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := $(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/cxlens
	$(GO) build -o $(BIN) ./cmd/cxlens

.PHONY: demo
demo: build ## open the client on the bundled sample
	@$(BIN) demo

.PHONY: test
test: ## run the tests
	$(GO) test ./...

.PHONY: race
race: ## run the tests under the race detector; those of the program itself: race-program
	$(GO) test -race $$($(GO) list ./... | grep -vx cxlens/cmd/cxlens)

.PHONY: race-program
race-program: ## run the end-to-end tests on a program that the race detector watches
	CXLENS_TEST_RACE=1 $(GO) test -count=1 ./cmd/cxlens

.PHONY: bench
bench: ## print the figures of docs/performance.md, as medians, beside other programs
	@GO="$(GO)" .ci/bench

.PHONY: bench-all
bench-all: ## run every benchmark
	$(GO) test -run '^$$' -bench . ./...

.PHONY: soak
soak: ## 30 minutes of random keys over 10,000,000 flows that go on arriving
	$(GO) test ./cmd/cxlens -run '^TestSoak$$' -v -timeout 90m -soak 30m -soak.flows 10000000

.PHONY: fuzz
fuzz: ## fuzz every target for FUZZTIME (default 10s)
	@GO="$(GO)" FUZZTIME="$(FUZZTIME)" .ci/fuzz

.PHONY: lint
lint: ## gofumpt, vet and staticcheck
	@out=$$($(GOFUMPT) -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "not formatted (make fmt):"; echo "$$out"; exit 1; fi
	$(GO) vet ./...
	$(STATICCHECK) ./...

.PHONY: vuln
vuln: ## look for known vulnerabilities in what is called
	$(GOVULNCHECK) ./...

.PHONY: fmt
fmt: ## format with gofumpt
	$(GOFUMPT) -w $$(git ls-files '*.go')

.PHONY: screens
screens: build ## make the pictures, the golden screens and the key tables again, from the real program
	$(GO) test ./tui -run 'Screen|TooSmall|KeysPage' -update
	$(GO) run ./internal/terminal/screens -program $(BIN) -out docs
