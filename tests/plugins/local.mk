# SPDX-License-Identifier: MIT
# Every plugin is tested as its code and by its transcripts.
plugin_tests = \
	%D%/claude \
	%D%/claude_bad_input \
	%D%/claude_calls \
	%D%/claude_rules \
	%D%/claude_usage \
	%D%/claude_wire \
	%D%/claude_wrong \
	%D%/codex \
	%D%/codex_calls \
	%D%/codex_rules \
	%D%/gemini \
	%D%/gemini_calls \
	%D%/gemini_rules \
	%D%/ids_claude \
	%D%/shapes_claude \
	%D%/ids_codex \
	%D%/shapes_codex \
	%D%/ids_gemini \
	%D%/shapes_gemini \
	%D%/ids_opencode \
	%D%/shapes_opencode \
	%D%/ids_droid \
	%D%/shapes_droid \
	%D%/ids_qwen \
	%D%/shapes_qwen \
	%D%/ids_pi \
	%D%/shapes_pi \
	%D%/ids_raw \
	%D%/shapes_raw \
	%D%/opencode \
	%D%/opencode_rules \
	%D%/droid \
	%D%/droid_calls \
	%D%/droid_rules \
	%D%/qwen \
	%D%/qwen_calls \
	%D%/qwen_rules \
	%D%/copilot \
	%D%/copilot_calls \
	%D%/copilot_rules \
	%D%/ids_copilot \
	%D%/shapes_copilot \
	%D%/pi \
	%D%/pi_calls \
	%D%/pi_rules \
	%D%/raw \
	$(NULL)
libtest_la_SOURCES += \
	%D%/bad_input.h \
	%D%/calls.h \
	%D%/gives.h \
	%D%/wrong.c \
	%D%/wrong.h \
	$(NULL)

plugins_claude_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
plugins_claude_bad_input_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
plugins_claude_calls_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
plugins_claude_rules_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
plugins_claude_rules_SOURCES = %D%/claude_rules.c $(steady)
plugins_claude_rules_LDFLAGS = $(AM_LDFLAGS) $(wrap_malloc)
plugins_claude_usage_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
plugins_claude_wire_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
plugins_claude_wrong_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
plugins_codex_LDADD = $(top_builddir)/plugins/libcodex.la $(rooms)
plugins_codex_calls_LDADD = $(top_builddir)/plugins/libcodex.la $(rooms)
plugins_codex_rules_LDADD = $(top_builddir)/plugins/libcodex.la $(rooms)
plugins_codex_rules_SOURCES = %D%/codex_rules.c $(steady)
plugins_codex_rules_LDFLAGS = $(AM_LDFLAGS) $(wrap_malloc)
plugins_gemini_LDADD = $(top_builddir)/plugins/libgemini.la $(rooms)
plugins_gemini_calls_LDADD = $(top_builddir)/plugins/libgemini.la $(rooms)
plugins_gemini_rules_LDADD = $(top_builddir)/plugins/libgemini.la $(rooms)
plugins_gemini_rules_SOURCES = %D%/gemini_rules.c $(steady)
plugins_gemini_rules_LDFLAGS = $(AM_LDFLAGS) $(wrap_malloc)
plugins_opencode_LDADD = $(top_builddir)/plugins/libopencode.la $(rooms)
plugins_opencode_rules_LDADD = $(top_builddir)/plugins/libopencode.la $(rooms)
plugins_opencode_rules_SOURCES = %D%/opencode_rules.c $(steady)
plugins_opencode_rules_LDFLAGS = $(AM_LDFLAGS) $(wrap_malloc)
plugins_droid_LDADD = $(top_builddir)/plugins/libdroid.la $(rooms)
plugins_droid_calls_LDADD = $(top_builddir)/plugins/libdroid.la $(rooms)
plugins_droid_rules_LDADD = $(top_builddir)/plugins/libdroid.la $(rooms)
plugins_droid_rules_SOURCES = %D%/droid_rules.c $(steady)
plugins_droid_rules_LDFLAGS = $(AM_LDFLAGS) $(wrap_malloc)
plugins_qwen_LDADD = $(top_builddir)/plugins/libqwen.la $(rooms)
plugins_qwen_calls_LDADD = $(top_builddir)/plugins/libqwen.la $(rooms)
plugins_qwen_rules_LDADD = $(top_builddir)/plugins/libqwen.la $(rooms)
plugins_qwen_rules_SOURCES = %D%/qwen_rules.c $(steady)
plugins_qwen_rules_LDFLAGS = $(AM_LDFLAGS) $(wrap_malloc)
plugins_copilot_LDADD = $(top_builddir)/plugins/libcopilot.la $(rooms)
plugins_copilot_calls_LDADD = $(top_builddir)/plugins/libcopilot.la $(rooms)
plugins_copilot_rules_LDADD = $(top_builddir)/plugins/libcopilot.la $(rooms)
plugins_copilot_rules_SOURCES = %D%/copilot_rules.c $(steady)
plugins_copilot_rules_LDFLAGS = $(AM_LDFLAGS) $(wrap_malloc)
plugins_pi_LDADD = $(top_builddir)/plugins/libpi.la $(rooms)
plugins_pi_calls_LDADD = $(top_builddir)/plugins/libpi.la $(rooms)
plugins_pi_rules_LDADD = $(top_builddir)/plugins/libpi.la $(rooms)
plugins_pi_rules_SOURCES = %D%/pi_rules.c $(steady)
plugins_pi_rules_LDFLAGS = $(AM_LDFLAGS) $(wrap_malloc)
plugins_raw_LDADD = $(top_builddir)/plugins/libraw.la $(rooms)

# What each plugin holds when all ids are new, and of one long line.
plugins_ids_claude_SOURCES = %D%/ids.c $(heap)
plugins_ids_claude_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
plugins_ids_claude_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_shapes_claude_SOURCES = %D%/shapes.c $(heap)
plugins_shapes_claude_LDADD = $(top_builddir)/plugins/libclaude.la $(rooms)
plugins_shapes_claude_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_ids_codex_SOURCES = %D%/ids.c $(heap)
plugins_ids_codex_LDADD = $(top_builddir)/plugins/libcodex.la $(rooms)
plugins_ids_codex_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_shapes_codex_SOURCES = %D%/shapes.c $(heap)
plugins_shapes_codex_LDADD = $(top_builddir)/plugins/libcodex.la $(rooms)
plugins_shapes_codex_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_ids_gemini_SOURCES = %D%/ids.c $(heap)
plugins_ids_gemini_LDADD = $(top_builddir)/plugins/libgemini.la $(rooms)
plugins_ids_gemini_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_shapes_gemini_SOURCES = %D%/shapes.c $(heap)
plugins_shapes_gemini_LDADD = $(top_builddir)/plugins/libgemini.la $(rooms)
plugins_shapes_gemini_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_ids_opencode_SOURCES = %D%/ids.c $(heap)
plugins_ids_opencode_LDADD = $(top_builddir)/plugins/libopencode.la $(rooms)
plugins_ids_opencode_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_shapes_opencode_SOURCES = %D%/shapes.c $(heap)
plugins_shapes_opencode_LDADD = $(top_builddir)/plugins/libopencode.la $(rooms)
plugins_shapes_opencode_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_ids_droid_SOURCES = %D%/ids.c $(heap)
plugins_ids_droid_LDADD = $(top_builddir)/plugins/libdroid.la $(rooms)
plugins_ids_droid_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_shapes_droid_SOURCES = %D%/shapes.c $(heap)
plugins_shapes_droid_LDADD = $(top_builddir)/plugins/libdroid.la $(rooms)
plugins_shapes_droid_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_ids_qwen_SOURCES = %D%/ids.c $(heap)
plugins_ids_qwen_LDADD = $(top_builddir)/plugins/libqwen.la $(rooms)
plugins_ids_qwen_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_shapes_qwen_SOURCES = %D%/shapes.c $(heap)
plugins_shapes_qwen_LDADD = $(top_builddir)/plugins/libqwen.la $(rooms)
plugins_shapes_qwen_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_ids_copilot_SOURCES = %D%/ids.c $(heap)
plugins_ids_copilot_LDADD = $(top_builddir)/plugins/libcopilot.la $(rooms)
plugins_ids_copilot_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_shapes_copilot_SOURCES = %D%/shapes.c $(heap)
plugins_shapes_copilot_LDADD = $(top_builddir)/plugins/libcopilot.la $(rooms)
plugins_shapes_copilot_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_ids_pi_SOURCES = %D%/ids.c $(heap)
plugins_ids_pi_LDADD = $(top_builddir)/plugins/libpi.la $(rooms)
plugins_ids_pi_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_shapes_pi_SOURCES = %D%/shapes.c $(heap)
plugins_shapes_pi_LDADD = $(top_builddir)/plugins/libpi.la $(rooms)
plugins_shapes_pi_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_ids_raw_SOURCES = %D%/ids.c $(heap)
plugins_ids_raw_LDADD = $(top_builddir)/plugins/libraw.la $(rooms)
plugins_ids_raw_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)
plugins_shapes_raw_SOURCES = %D%/shapes.c $(heap)
plugins_shapes_raw_LDADD = $(top_builddir)/plugins/libraw.la $(rooms)
plugins_shapes_raw_LDFLAGS = $(AM_LDFLAGS) $(wrap_heap)

# Counts the allocations of a program that wraps malloc.
steady = %D%/steady.c %D%/steady.h

# Each breaks one rule: the table says which; good.la breaks none.
bad_plugins = \
	%D%/bad/aborts.la \
	%D%/bad/accepts-all.la \
	%D%/bad/bad-command.la \
	%D%/bad/bad-event.la \
	%D%/bad/bad-name.la \
	%D%/bad/changes-directory.la \
	%D%/bad/closes-stdout.la \
	%D%/bad/crashes.la \
	%D%/bad/emits-in-close.la \
	%D%/bad/exits.la \
	%D%/bad/exits-when-loaded.la \
	%D%/bad/exports-more.la \
	%D%/bad/fears-damage.la \
	%D%/bad/forks.la \
	%D%/bad/frees-twice.la \
	%D%/bad/good.la \
	%D%/bad/grows.la \
	%D%/bad/handles-signal.la \
	%D%/bad/imports-library.la \
	%D%/bad/keeps-pointer.la \
	%D%/bad/knows-addresses.la \
	%D%/bad/leaks.la \
	%D%/bad/leaves-process.la \
	%D%/bad/leaks-descriptor.la \
	%D%/bad/leaks-pages.la \
	%D%/bad/loops.la \
	%D%/bad/needs-all-bytes.la \
	%D%/bad/needs-line.la \
	%D%/bad/needs-minor.la \
	%D%/bad/needs-whole-line.la \
	%D%/bad/no-close.la \
	%D%/bad/no-hook.la \
	%D%/bad/no-summary.la \
	%D%/bad/no-symbol.la \
	%D%/bad/odd-answer.la \
	%D%/bad/odd-probe.la \
	%D%/bad/other-name.la \
	%D%/bad/overflows.la \
	%D%/bad/prints.la \
	%D%/bad/program-path.la \
	%D%/bad/quadratic.la \
	%D%/bad/reads-behind.la \
	%D%/bad/reads-environment.la \
	%D%/bad/reads-padding.la \
	%D%/bad/refuses-options.la \
	%D%/bad/remembers-refused.la \
	%D%/bad/sends.la \
	%D%/bad/sets-environment.la \
	%D%/bad/sets-locale.la \
	%D%/bad/sets-umask.la \
	%D%/bad/shares-buffer.la \
	%D%/bad/shares-handle.la \
	%D%/bad/shares-state.la \
	%D%/bad/size-huge.la \
	%D%/bad/size-zero.la \
	%D%/bad/sleeps.la \
	%D%/bad/slow.la \
	%D%/bad/starts-thread.la \
	%D%/bad/trusts-bytes.la \
	%D%/bad/unknown-flag.la \
	%D%/bad/writes-line.la \
	%D%/bad/wrong-magic.la \
	$(NULL)
check_LTLIBRARIES += $(bad_plugins)
noinst_HEADERS += %D%/bad/bad.h
EXTRA_DIST += %D%/bad/table
plugins_bad_aborts_la_LDFLAGS = $(module_ldflags)
plugins_bad_accepts_all_la_LDFLAGS = $(module_ldflags)
plugins_bad_bad_command_la_LDFLAGS = $(module_ldflags)
plugins_bad_bad_event_la_LDFLAGS = $(module_ldflags)
plugins_bad_bad_name_la_LDFLAGS = $(module_ldflags)
plugins_bad_changes_directory_la_LDFLAGS = $(module_ldflags)
plugins_bad_closes_stdout_la_LDFLAGS = $(module_ldflags)
plugins_bad_crashes_la_LDFLAGS = $(module_ldflags)
plugins_bad_emits_in_close_la_LDFLAGS = $(module_ldflags)
plugins_bad_exits_la_LDFLAGS = $(module_ldflags)
plugins_bad_exits_when_loaded_la_LDFLAGS = $(module_ldflags)
plugins_bad_exports_more_la_LDFLAGS = $(module_ldflags)
plugins_bad_fears_damage_la_LDFLAGS = $(module_ldflags)
plugins_bad_forks_la_LDFLAGS = $(module_ldflags)
plugins_bad_frees_twice_la_LDFLAGS = $(module_ldflags)
plugins_bad_good_la_LDFLAGS = $(module_ldflags)
plugins_bad_grows_la_LDFLAGS = $(module_ldflags)
plugins_bad_handles_signal_la_LDFLAGS = $(module_ldflags)
plugins_bad_imports_library_la_LDFLAGS = $(module_ldflags)
plugins_bad_keeps_pointer_la_LDFLAGS = $(module_ldflags)
plugins_bad_knows_addresses_la_LDFLAGS = $(module_ldflags)
plugins_bad_leaks_la_LDFLAGS = $(module_ldflags)
plugins_bad_leaves_process_la_LDFLAGS = $(module_ldflags)
plugins_bad_leaks_descriptor_la_LDFLAGS = $(module_ldflags)
plugins_bad_leaks_pages_la_LDFLAGS = $(module_ldflags)
plugins_bad_loops_la_LDFLAGS = $(module_ldflags)
plugins_bad_needs_all_bytes_la_LDFLAGS = $(module_ldflags)
plugins_bad_needs_line_la_LDFLAGS = $(module_ldflags)
plugins_bad_needs_minor_la_LDFLAGS = $(module_ldflags)
plugins_bad_needs_whole_line_la_LDFLAGS = $(module_ldflags)
plugins_bad_no_close_la_LDFLAGS = $(module_ldflags)
plugins_bad_no_hook_la_LDFLAGS = $(module_ldflags)
plugins_bad_no_summary_la_LDFLAGS = $(module_ldflags)
plugins_bad_no_symbol_la_LDFLAGS = $(module_ldflags)
plugins_bad_odd_answer_la_LDFLAGS = $(module_ldflags)
plugins_bad_odd_probe_la_LDFLAGS = $(module_ldflags)
plugins_bad_other_name_la_LDFLAGS = $(module_ldflags)
plugins_bad_overflows_la_LDFLAGS = $(module_ldflags)
plugins_bad_prints_la_LDFLAGS = $(module_ldflags)
plugins_bad_program_path_la_LDFLAGS = $(module_ldflags)
plugins_bad_quadratic_la_LDFLAGS = $(module_ldflags)
plugins_bad_reads_behind_la_LDFLAGS = $(module_ldflags)
plugins_bad_reads_environment_la_LDFLAGS = $(module_ldflags)
plugins_bad_reads_padding_la_LDFLAGS = $(module_ldflags)
plugins_bad_refuses_options_la_LDFLAGS = $(module_ldflags)
plugins_bad_remembers_refused_la_LDFLAGS = $(module_ldflags)
plugins_bad_sends_la_LDFLAGS = $(module_ldflags)
plugins_bad_sets_environment_la_LDFLAGS = $(module_ldflags)
plugins_bad_sets_locale_la_LDFLAGS = $(module_ldflags)
plugins_bad_sets_umask_la_LDFLAGS = $(module_ldflags)
plugins_bad_shares_buffer_la_LDFLAGS = $(module_ldflags)
plugins_bad_shares_handle_la_LDFLAGS = $(module_ldflags)
plugins_bad_shares_state_la_LDFLAGS = $(module_ldflags)
plugins_bad_size_huge_la_LDFLAGS = $(module_ldflags)
plugins_bad_size_zero_la_LDFLAGS = $(module_ldflags)
plugins_bad_sleeps_la_LDFLAGS = $(module_ldflags)
plugins_bad_slow_la_LDFLAGS = $(module_ldflags)
plugins_bad_starts_thread_la_LDFLAGS = $(module_ldflags)
plugins_bad_trusts_bytes_la_LDFLAGS = $(module_ldflags)
plugins_bad_unknown_flag_la_LDFLAGS = $(module_ldflags)
plugins_bad_writes_line_la_LDFLAGS = $(module_ldflags)
plugins_bad_wrong_magic_la_LDFLAGS = $(module_ldflags)
plugins_bad_starts_thread_la_LIBADD = -lpthread

# Plugins that fail when they are called, for system/cli_hang, cli_crash and
# cli_isolate.
failing_plugins = \
	%D%/bad/call-asked.la \
	%D%/bad/crash-asked.la \
	%D%/bad/hang-asked.la \
	%D%/bad/slow-asked.la \
	$(NULL)
check_LTLIBRARIES += $(failing_plugins)
noinst_HEADERS += %D%/bad/asked.h
plugins_bad_call_asked_la_LDFLAGS = $(module_ldflags)
plugins_bad_crash_asked_la_LDFLAGS = $(module_ldflags)
plugins_bad_hang_asked_la_LDFLAGS = $(module_ldflags)
plugins_bad_slow_asked_la_LDFLAGS = $(module_ldflags)
