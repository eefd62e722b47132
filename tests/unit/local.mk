# SPDX-License-Identifier: MIT
# One program a module; what it proves are the names of its cases.
unit_tests = \
	%D%/atomic_file \
	%D%/io \
	%D%/json_writer \
	%D%/object_needs \
	%D%/pages \
	%D%/plugin_instance \
	%D%/plugin_pins \
	%D%/procfs \
	%D%/sha256 \
	%D%/shell_words \
	%D%/strbuf \
	%D%/path_search \
	%D%/spool \
	%D%/budget \
	%D%/call_watch \
	%D%/cgroup_limits \
	%D%/cgroup_path \
	%D%/event_copies \
	%D%/event_reader \
	%D%/event_record \
	%D%/event_validate \
	%D%/cli_log \
	%D%/copier \
	%D%/cli_screen \
	%D%/cli_status \
	%D%/cli_brief \
	%D%/cli_table \
	%D%/cli_terminal_json \
	%D%/terminal_caps \
	%D%/cli_tool_jobs \
	%D%/probe_subprocess \
	%D%/environment \
	%D%/file_follow \
	%D%/idmap \
	%D%/frame \
	%D%/frame_cap \
	%D%/host \
	%D%/surrogate_join \
	%D%/isolate_journal \
	%D%/isolated_queue \
	%D%/isolation \
	%D%/json_accept \
	%D%/json_fields \
	%D%/json_number \
	%D%/json_pull \
	%D%/json_recover \
	%D%/json_salvage \
	%D%/json_shape \
	%D%/json_shape_limits \
	%D%/json_string \
	%D%/json_tables \
	%D%/json_text \
	%D%/json_text_buf \
	%D%/json_tree \
	%D%/record_cursor \
	%D%/record_find \
	%D%/record_index \
	%D%/record_killed \
	%D%/record_list \
	%D%/record_state \
	%D%/record_store \
	%D%/record_wait \
	%D%/run_id \
	%D%/plugin_load \
	%D%/label \
	%D%/limit_causes \
	%D%/loop \
	%D%/nearest \
	%D%/options \
	%D%/option_values \
	%D%/outbuf \
	%D%/monitor_proto \
	%D%/event_queue \
	%D%/registry \
	%D%/command_line \
	%D%/command_match \
	%D%/head_tail \
	%D%/text_reader \
	%D%/ulid \
	%D%/units \
	%D%/format_json \
	%D%/format_json_final \
	%D%/format_json_text \
	%D%/format_text \
	%D%/termsafe \
	%D%/termseq \
	%D%/async_writer \
	%D%/stream \
	%D%/stream_bad \
	%D%/stream_detect \
	%D%/stream_end \
	%D%/stream_memory \
	%D%/stream_quarantine \
	%D%/stream_skip \
	%D%/stream_status \
	%D%/timer \
	%D%/tool_decode \
	%D%/tool_validate \
	%D%/tool_redact \
	%D%/tool_decode_errors \
	%D%/tool_request \
	%D%/summary \
	%D%/summary_text \
	%D%/summary_usage \
	%D%/cli_raw_line \
	%D%/tool_counts \
	%D%/verdict_text \
	%D%/reason \
	%D%/plugin_trust \
	%D%/usage \
	%D%/usage_limits \
	%D%/verdict \
	%D%/versioned \
	%D%/view \
	%D%/view_layout \
	%D%/view_stderr \
	%D%/view_tool \
	$(NULL)
scripts += %D%/layers.sh %D%/threaded.sh
threaded_tests += \
	%D%/call_watch \
	%D%/record_cursor \
	%D%/record_wait \
	%D%/stream_quarantine \
	$(NULL)

fail_tests += %D%/cli_stdout
unit_cli_stdout_SOURCES = %D%/cli_stdout.c $(faults)
unit_cli_stdout_LDFLAGS = $(AM_LDFLAGS) $(wrap_calls)
unit_event_reader_SOURCES = %D%/event_reader.c fuzz/mutate.c fuzz/mutate.h
unit_cgroup_limits_LDADD = $(top_builddir)/host/libmonitor.a $(LDADD)
unit_tool_counts_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=idmap_sweep
unit_record_store_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=openat
unit_view_SOURCES = %D%/view.c lib/alloc_counter.c lib/alloc_counter.h
unit_view_LDFLAGS = $(AM_LDFLAGS) $(wrap_allocations)
unit_record_wait_SOURCES = %D%/record_wait.c lib/alloc_counter.c lib/alloc_counter.h
unit_record_wait_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=poll,--wrap=clock_gettime,--wrap=fstatat,--wrap=openat \
	$(wrap_allocations)

noinst_HEADERS += \
	%D%/format_json_fixture.h \
	%D%/format_text_fixture.h \
	%D%/json_case.h \
	%D%/json_shape.h \
	%D%/summary_fixture.h \
	%D%/usage_fixture.h \
	%D%/view_fixture.h \
	$(NULL)
