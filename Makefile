# make demo              read the example photo and draw its emoji, in a virtual environment of its own
# make demo PHOTO=me.jpg the same for another photo
# make test              lint, types, import contract, tests
# make check             the same without the tests: seconds
# make web               fetch what the page runs networks on (npm), so that it reads in the browser
# make serve             the page in your browser: all of it, in an environment of its own
# make phone             the same for a phone on your network, with a code to scan
# make docs              build the documentation site into build/site; a broken link fails
# make dist              build the packages into dist/ with the page's runtime, and try them in an empty environment
# make model DATA=DIR    train the shipped models again from fer2013.csv and fer2013new.csv in DIR: minutes on a GPU, days without; resumes

PYTHON ?= python3
PHOTO ?= examples/astronaut.jpg
OUT := out
DEMO := .venv/bin
TEST := .venv-test/bin
SERVE := .venv-serve/bin
DOCS := .venv-docs/bin
DIST := .venv-dist/bin

WEB := src/mien/web
MODEL := src/mien/models/mien-s.onnx
LARGE := src/mien/models/mien-l.onnx
PAGE_TOOLS := tools/page/node_modules

.PHONY: demo test check check-page web serve phone docs dist model data-named format clean

demo: .venv/installed
	@mkdir -p $(OUT)
	$(DEMO)/mien recognize "$(PHOTO)" --card $(OUT)/card.png --mask $(OUT)/mask.png --stickers $(OUT)/stickers -o $(OUT)/result.json
	@$(DEMO)/mien recognize "$(PHOTO)"
	@echo "Look at $(OUT)/card.png, $(OUT)/mask.png and $(OUT)/stickers/; the figures are in $(OUT)/result.json"

test: check
	$(TEST)/python -m pytest --numprocesses 2 $(PYTEST)

check: .venv-test/installed
	$(TEST)/ruff check .
	$(TEST)/ruff format --check .
	$(TEST)/mypy
	$(TEST)/lint-imports
	@$(MAKE) --no-print-directory check-page

# The page's JavaScript: lint, form and types.
check-page:
ifeq ($(shell command -v npm),)
	@echo "The page's JavaScript was not checked: that needs npm"
else
	@$(MAKE) --no-print-directory $(PAGE_TOOLS)/.package-lock.json
	$(PAGE_TOOLS)/.bin/biome check --error-on-warnings .
	$(PAGE_TOOLS)/.bin/tsc --project tools/page
endif

$(PAGE_TOOLS)/.package-lock.json: tools/page/package-lock.json
	npm ci --prefix tools/page --no-progress --loglevel=error
	@touch $@

web: $(WEB)/static/runtime/files.json

# The lock names every file by its hash; npm refuses what differs.
$(WEB)/static/runtime/files.json: $(wildcard tools/web_runtime/pack*.*)
	npm ci --prefix tools/web_runtime --no-progress --loglevel=error
	node tools/web_runtime/pack.mjs $(WEB)
	@touch $@

serve: web .venv-serve/installed
	$(SERVE)/mien serve

phone: web .venv-serve/installed
	$(SERVE)/mien serve --phone

docs: .venv-docs/installed
	$(DOCS)/python tools/docs/build.py

dist: web .venv-dist/installed
	rm -rf dist
	$(DIST)/python -m build --outdir dist .
	$(DIST)/twine check --strict dist/*
	$(DIST)/python tools/check_dist.py dist

# mien-l: the mean of three networks that never met. mien-s: one network that learned from it.
MEMBERS := runs/member-plain-fine runs/member-plain-strong runs/member-plain-votes
FINE := runs/member-plain-fine.onnx

model: data-named .venv-test/installed
	$(TEST)/mien train "$(DATA)" --recipe member-plain-fine --seed 3 -o runs/member-plain-fine --resume
	$(TEST)/mien train "$(DATA)" --recipe member-plain-strong --seed 11 -o runs/member-plain-strong --resume
	$(TEST)/mien train "$(DATA)" --recipe member-plain-votes --seed 12 -o runs/member-plain-votes --resume
	$(TEST)/mien export runs/member-plain-fine -o $(FINE) --precision int8-stored --data "$(DATA)"
	$(TEST)/python tools/add_shape_head.py "$(DATA)" --model $(FINE) --maps runs/shape-maps-fine
	$(TEST)/mien export $(FINE) runs/member-plain-strong runs/member-plain-votes -o $(LARGE) --mirror --precision int8-stored --data "$(DATA)"
	$(TEST)/mien train "$(DATA)" --recipe student --seed 31 --start runs/member-plain-strong $(addprefix --teachers ,$(MEMBERS)) \
		-o runs/student --resume
	$(TEST)/mien export runs/student -o $(MODEL) --name mien-s --precision int8-stored --data "$(DATA)"
	$(TEST)/python tools/add_shape_head.py "$(DATA)" --maps runs/shape-maps
	$(TEST)/python tools/save_record.py $(MEMBERS) runs/student
	$(TEST)/python tools/model_card.py

data-named:
	@test -n "$(DATA)" || { echo "Say where FER2013 is: make model DATA=path/to/fer2013"; exit 2; }

format: .venv-test/installed
	$(TEST)/ruff check --fix .
	$(TEST)/ruff format .
	@command -v npm > /dev/null && $(MAKE) --no-print-directory $(PAGE_TOOLS)/.package-lock.json && \
		$(PAGE_TOOLS)/.bin/biome check --write . || echo "The page's JavaScript was not formatted: that needs npm"

# The core alone, without an extra.
.venv/installed: pyproject.toml $(shell find src/mien -type f -not -name '*.pyc')
	$(PYTHON) -m venv .venv
	$(DEMO)/python -m pip install --quiet --upgrade pip
	$(DEMO)/python -m pip install --quiet --force-reinstall --no-deps .
	$(DEMO)/python -m pip install --quiet .
	@touch $@

.venv-test/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-test
	$(TEST)/python -m pip install --quiet --upgrade pip
	$(TEST)/python -m pip install --quiet --constraint constraints.txt --group dev --editable '.[all]'
	@touch $@

.venv-serve/installed: pyproject.toml
	$(PYTHON) -m venv .venv-serve
	$(SERVE)/python -m pip install --quiet --upgrade pip
	$(SERVE)/python -m pip install --quiet --editable '.[phone]'
	@touch $@

.venv-docs/installed .venv-dist/installed: .venv-%/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip install --quiet --upgrade pip
	.venv-$*/bin/python -m pip install --quiet --constraint constraints.txt --group $*
	@touch $@

clean:
	rm -rf .venv .venv-test .venv-serve .venv-docs .venv-dist $(OUT) build dist .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
