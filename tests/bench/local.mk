# SPDX-License-Identifier: MIT
# make bench: not a test.  BENCHMARKS.md tells how it measures.
bench_programs = \
	%D%/bench_stream \
	%D%/bench_ids \
	%D%/peer_jsonc \
	%D%/measure \
	%D%/replay \
	%D%/limit \
	%D%/start_cost \
	%D%/tool \
	$(NULL)
EXTRA_PROGRAMS = $(bench_programs)
CLEANFILES += $(bench_programs)
bench_peer_jsonc_SOURCES = \
	%D%/peer_jsonc.c \
	%D%/peer_jsonc.h \
	%D%/peer_jsonc_claude.c \
	%D%/peer_jsonc_codex.c \
	%D%/peer_jsonc_common.c \
	$(NULL)
bench_peer_jsonc_LDADD = $(JSON_C_LIBS)
bench_measure_LDADD =
bench_replay_LDADD =
bench_limit_LDADD =
bench_start_cost_LDADD = $(top_builddir)/host/liblinehook.la
bench-local: $(bench_programs)
	python3 $(srcdir)/bench/bench.py --bin bench \
	  --linehook $(abs_top_builddir)/host/linehook \
	  --plugin-dir $(abs_top_builddir)/plugins/.libs
	%D%/bench_ids -n 100000 $(abs_top_builddir)/plugins/.libs
	%D%/start_cost $(abs_top_builddir)/host/linehook-exec \
	  $(abs_top_builddir)/plugins/.libs
	%D%/tool $(abs_top_builddir)/host/linehook-exec
	LINEHOOK_EXEC=$(abs_top_builddir)/host/linehook-exec LINEHOOK_ISOLATE=no \
	  LINEHOOK_PLUGIN_PATH=$(abs_top_builddir)/plugins/.libs \
	  python3 $(srcdir)/bench/records.py $(abs_top_builddir)/host/linehook .

EXTRA_DIST += \
	%D%/bench.py \
	%D%/gen.py \
	%D%/records.py \
	%D%/peer_claude.jq \
	%D%/peer_codex.jq \
	%D%/peer_gemini.jq \
	%D%/peer_node.js \
	%D%/peer_python.py \
	$(NULL)
