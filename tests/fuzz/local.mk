# SPDX-License-Identifier: MIT
# Fuzz targets: libFuzzer with --enable-fuzzing, else a replay of the corpus.
# This is the list of them.
fuzz_programs = \
	%D%/fuzz_description \
	%D%/fuzz_event_reader \
	%D%/fuzz_event_record \
	%D%/fuzz_frame \
	%D%/fuzz_isolate \
	%D%/fuzz_json \
	%D%/fuzz_monitor \
	%D%/fuzz_record \
	%D%/fuzz_record_files \
	%D%/fuzz_recovery \
	%D%/fuzz_salvage \
	%D%/fuzz_serve \
	%D%/fuzz_tool \
	%D%/fuzz_claude \
	%D%/fuzz_codex \
	%D%/fuzz_copilot \
	%D%/fuzz_droid \
	%D%/fuzz_gemini \
	%D%/fuzz_opencode \
	%D%/fuzz_pi \
	%D%/fuzz_qwen \
	%D%/fuzz_raw \
	$(NULL)
fuzz_lib = %D%/fuzz.c %D%/fuzz.h $(fuzz_main)
fuzz_stream = %D%/observe.c %D%/observe.h
if FUZZING
fuzz_main =
fuzz_flags = -fsanitize=fuzzer
else
fuzz_main = %D%/replay.c
fuzz_flags =
endif
fuzz_ldflags = $(AM_LDFLAGS) $(fuzz_flags)
libtest_la_SOURCES += %D%/model.c %D%/model.h
EXTRA_DIST += %D%/corpus %D%/corpus.sh %D%/fuzz.sh %D%/replay.c
scripts += %D%/targets.sh

fuzz_fuzz_description_SOURCES = %D%/fuzz_description.c $(fuzz_lib)
fuzz_fuzz_description_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_event_reader_SOURCES = %D%/fuzz_event_reader.c $(fuzz_lib)
fuzz_fuzz_event_reader_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_event_record_SOURCES = %D%/fuzz_event_record.c $(fuzz_lib)
fuzz_fuzz_event_record_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_frame_SOURCES = %D%/fuzz_frame.c $(fuzz_lib)
fuzz_fuzz_frame_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_isolate_SOURCES = %D%/fuzz_isolate.c $(fuzz_stream) $(fuzz_lib)
fuzz_fuzz_isolate_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_json_SOURCES = %D%/fuzz_json.c %D%/oracle.c $(fuzz_lib)
fuzz_fuzz_json_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_monitor_SOURCES = %D%/fuzz_monitor.c $(fuzz_lib)
fuzz_fuzz_monitor_LDADD = $(rooms) $(top_builddir)/host/libmonitor.a
fuzz_fuzz_monitor_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_record_SOURCES = %D%/fuzz_record.c $(fuzz_lib)
fuzz_fuzz_record_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_record_files_SOURCES = %D%/fuzz_record_files.c $(fuzz_lib)
fuzz_fuzz_record_files_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_recovery_SOURCES = %D%/fuzz_recovery.c $(fuzz_lib)
fuzz_fuzz_recovery_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_salvage_SOURCES = %D%/fuzz_salvage.c $(fuzz_lib)
fuzz_fuzz_salvage_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_serve_SOURCES = %D%/fuzz_serve.c $(fuzz_lib)
fuzz_fuzz_serve_LDADD = $(top_builddir)/host/libserver.a \
	$(top_builddir)/plugins/libclaude.la $(rooms)
fuzz_fuzz_serve_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_tool_SOURCES = %D%/fuzz_tool.c $(fuzz_lib)
fuzz_fuzz_tool_LDFLAGS = $(fuzz_ldflags)

# The stream of each plugin.
fuzz_fuzz_claude_SOURCES = %D%/fuzz_plugin.c $(fuzz_stream) $(fuzz_lib)
fuzz_fuzz_claude_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
fuzz_fuzz_claude_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_codex_SOURCES = %D%/fuzz_plugin.c $(fuzz_stream) $(fuzz_lib)
fuzz_fuzz_codex_LDADD = $(top_builddir)/plugins/libcodex.la $(rooms)
fuzz_fuzz_codex_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_copilot_SOURCES = %D%/fuzz_plugin.c $(fuzz_stream) $(fuzz_lib)
fuzz_fuzz_copilot_LDADD = $(top_builddir)/plugins/libcopilot.la $(rooms)
fuzz_fuzz_copilot_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_droid_SOURCES = %D%/fuzz_plugin.c $(fuzz_stream) $(fuzz_lib)
fuzz_fuzz_droid_LDADD = $(top_builddir)/plugins/libdroid.la $(rooms)
fuzz_fuzz_droid_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_gemini_SOURCES = %D%/fuzz_plugin.c $(fuzz_stream) $(fuzz_lib)
fuzz_fuzz_gemini_LDADD = $(top_builddir)/plugins/libgemini.la $(rooms)
fuzz_fuzz_gemini_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_opencode_SOURCES = %D%/fuzz_plugin.c $(fuzz_stream) $(fuzz_lib)
fuzz_fuzz_opencode_LDADD = $(top_builddir)/plugins/libopencode.la $(rooms)
fuzz_fuzz_opencode_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_pi_SOURCES = %D%/fuzz_plugin.c $(fuzz_stream) $(fuzz_lib)
fuzz_fuzz_pi_LDADD = $(top_builddir)/plugins/libpi.la $(rooms)
fuzz_fuzz_pi_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_qwen_SOURCES = %D%/fuzz_plugin.c $(fuzz_stream) $(fuzz_lib)
fuzz_fuzz_qwen_LDADD = $(top_builddir)/plugins/libqwen.la $(rooms)
fuzz_fuzz_qwen_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_raw_SOURCES = %D%/fuzz_plugin.c $(fuzz_stream) $(fuzz_lib)
fuzz_fuzz_raw_LDADD = $(top_builddir)/plugins/libraw.la $(rooms)
fuzz_fuzz_raw_LDFLAGS = $(fuzz_ldflags)

# Damaged recordings: a program of its own, whoever the fuzzer is.
fuzz_mutants_SOURCES = %D%/mutants.c %D%/mutate.c %D%/mutate.h %D%/printed.c \
	%D%/printed.h

# make fuzz: each target for FUZZ_SECONDS or, if it is set, FUZZ_RUNS executions;
# new inputs in scratch/.
FUZZ_SECONDS = 20
FUZZ_RUNS =
fuzz: $(fuzz_programs) %D%/mutants
	@srcdir=$(srcdir) PLUGIN_DIR=$(abs_top_builddir)/plugins/.libs \
	  FUZZ_SECONDS='$(FUZZ_SECONDS)' FUZZ_RUNS='$(FUZZ_RUNS)' \
	  sh $(srcdir)/fuzz/fuzz.sh $(fuzz_programs) %D%/mutants
