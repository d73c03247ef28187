# Python 3.11 or 3.12 and make are all that is needed; everything else comes from packages.
.SUFFIXES:
.DEFAULT_GOAL := help

# A Python that can make a virtual environment comes first; any other one gets a sentence that says what is missing.
PYTHON ?= $(shell for want in "sys, ensurepip" "sys"; do for name in python3.11 python3.12 python3; do \
	"$$name" -c "import $$want; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))" >/dev/null 2>&1 \
	&& echo "$$name" && exit; done; done; echo python3)
THOR := $(PYTHON) thor/launch/bootstrap.py
ARGS ?=

.PHONY: help run doctor user test lint schema bench lock clean

help:  ## Show what make can do
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

run:  ## Start Thor at http://127.0.0.1:$PORT (8000); Ctrl-C ends it
	@$(THOR) run

user:  ## Make a user who may sign in
	@$(THOR) user

doctor:  ## Say in words what is wrong with this set-up; ARGS="--json" says it for programs
	@$(THOR) doctor $(ARGS)

test:  ## Run every test; ARGS="-k word" runs those of the Python suite only
	@$(THOR) test $(ARGS)

lint:  ## Check style, types, layers, migrations and the API schema
	@$(THOR) lint

schema:  ## Write frontend/openapi.yml and the types made from it
	@$(THOR) schema

bench:  ## Measure against floors of the same run; ARGS="word" takes those whose name holds it
	@$(THOR) bench $(ARGS)

lock:  ## Compile requirements*.in into requirements*.txt; ARGS="--upgrade" takes newer releases
	@$(THOR) lock $(ARGS)

clean:  ## Remove what was built or installed; .env, database and certificates stay
	@$(THOR) clean
