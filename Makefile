# make run    bring Comptoir up                      make check  read the code: style, types, laws
# make test   run the whole suite                    make prove  the slow proofs (minutes)
# make lock   compile the pinned requirements again after a change in pyproject.toml
# make tables write down the tables again after a new migration
#
# PORT=8100 make run: another port. COMPTOIR_DATA=folder make run: another place for its data.

export PYTHONPATH =
COMPILE = uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command "make lock"

.PHONY: run check test prove lock tables
.DEFAULT_GOAL := run

run:
	@bin/environment && exec .venv/bin/comptoir up

check:
	@bin/environment dev && bin/check

test:
	@bin/environment dev && .venv/bin/python -m tests.suite

prove:
	@bin/environment dev && .venv/bin/python -m tests.suite prove

tables:
	@bin/environment dev && .venv/bin/python -m tests.blueprint > comptoir/upkeep/tables.new && \
	mv comptoir/upkeep/tables.new comptoir/upkeep/tables.sql

lock:
	@PATH="$$PATH:$(CURDIR)/.cache/uv/bin" && export PATH && \
	$(COMPILE) pyproject.toml -o requirements.txt && \
	$(COMPILE) --group pyproject.toml:dev -c requirements.txt -o requirements-dev.txt && \
	sed 's/ .*//' requirements-uv.txt | grep '^uv==' | $(COMPILE) - -o requirements-uv.txt
