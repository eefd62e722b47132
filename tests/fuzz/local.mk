# SPDX-License-Identifier: MIT
# Fuzz targets: libFuzzer with --enable-fuzzing, else a replay of the corpus.
fuzz_programs = \
	%D%/fuzz_json \
	%D%/fuzz_salvage \
	%D%/fuzz_tool \
	$(NULL)
fuzz_lib = %D%/fuzz.c %D%/fuzz.h $(fuzz_main)
if FUZZING
fuzz_main =
fuzz_flags = -fsanitize=fuzzer
else
fuzz_main = %D%/replay.c
fuzz_flags =
endif
libtest_la_SOURCES += %D%/model.c %D%/model.h
EXTRA_DIST += %D%/corpus %D%/fuzz.sh %D%/replay.c
scripts += %D%/targets.sh
fuzz_fuzz_json_SOURCES = %D%/fuzz_json.c %D%/oracle.c $(fuzz_lib)
fuzz_fuzz_json_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_fuzz_salvage_SOURCES = %D%/fuzz_salvage.c $(fuzz_lib)
fuzz_fuzz_salvage_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_fuzz_tool_SOURCES = %D%/fuzz_tool.c $(fuzz_lib)
fuzz_fuzz_tool_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)

fuzz_programs += %D%/fuzz_claude
fuzz_fuzz_claude_SOURCES = %D%/fuzz_plugin.c $(fuzz_lib)
fuzz_fuzz_claude_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
fuzz_fuzz_claude_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)

fuzz_programs += %D%/fuzz_codex
fuzz_fuzz_codex_SOURCES = %D%/fuzz_plugin.c $(fuzz_lib)
fuzz_fuzz_codex_LDADD = $(top_builddir)/plugins/libcodex.la $(rooms)
fuzz_fuzz_codex_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)

fuzz_programs += %D%/fuzz_gemini
fuzz_fuzz_gemini_SOURCES = %D%/fuzz_plugin.c $(fuzz_lib)
fuzz_fuzz_gemini_LDADD = $(top_builddir)/plugins/libgemini.la $(rooms)
fuzz_fuzz_gemini_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)

fuzz_programs += %D%/fuzz_opencode
fuzz_fuzz_opencode_SOURCES = %D%/fuzz_plugin.c $(fuzz_lib)
fuzz_fuzz_opencode_LDADD = $(top_builddir)/plugins/libopencode.la $(rooms)
fuzz_fuzz_opencode_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)

fuzz_programs += %D%/fuzz_droid
fuzz_fuzz_droid_SOURCES = %D%/fuzz_plugin.c $(fuzz_lib)
fuzz_fuzz_droid_LDADD = $(top_builddir)/plugins/libdroid.la $(rooms)
fuzz_fuzz_droid_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_programs += %D%/fuzz_qwen
fuzz_fuzz_qwen_SOURCES = %D%/fuzz_plugin.c $(fuzz_lib)
fuzz_fuzz_qwen_LDADD = $(top_builddir)/plugins/libqwen.la $(rooms)
fuzz_fuzz_qwen_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_programs += %D%/fuzz_copilot
fuzz_fuzz_copilot_SOURCES = %D%/fuzz_plugin.c $(fuzz_lib)
fuzz_fuzz_copilot_LDADD = $(top_builddir)/plugins/libcopilot.la $(rooms)
fuzz_fuzz_copilot_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
fuzz_programs += %D%/fuzz_pi
fuzz_fuzz_pi_SOURCES = %D%/fuzz_plugin.c $(fuzz_lib)
fuzz_fuzz_pi_LDADD = $(top_builddir)/plugins/libpi.la $(rooms)
fuzz_fuzz_pi_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)

# Damaged recordings: a program of its own, whoever the fuzzer is.
fuzz_mutants_SOURCES = %D%/mutants.c %D%/mutate.c %D%/mutate.h %D%/printed.c \
	%D%/printed.h

# make fuzz: each target for FUZZ_SECONDS, new inputs in scratch/.
FUZZ_SECONDS = 20
fuzz: $(fuzz_programs) %D%/mutants
	@srcdir=$(srcdir) PLUGIN_DIR=$(abs_top_builddir)/plugins/.libs \
	  sh $(srcdir)/fuzz/fuzz.sh $(FUZZ_SECONDS) $(fuzz_programs) %D%/mutants
