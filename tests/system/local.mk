# SPDX-License-Identifier: MIT
# Real children, and the program itself.
fail_tests += \
	%D%/fail_calls \
	%D%/fail_monitor \
	%D%/fail_killed \
	%D%/fail_limits \
	%D%/fail_memory \
	%D%/tool_faults \
	$(NULL)
system_tests = \
	%D%/orphans \
	%D%/run_agent \
	%D%/run_validation \
	%D%/run_bytes \
	%D%/run_cancel \
	%D%/run_cgroup \
	%D%/run_clock \
	%D%/run_contain \
	%D%/run_disk \
	%D%/run_driven \
	%D%/run_evidence \
	%D%/run_exit \
	%D%/run_file \
	%D%/run_guard \
	%D%/run_embedder \
	%D%/run_monitor_faults \
	%D%/run_host_death \
	%D%/run_record \
	%D%/run_idle \
	%D%/run_leave \
	%D%/run_limits \
	%D%/run_lost \
	%D%/run_many \
	%D%/run_memory \
	%D%/run_monitor \
	%D%/run_pause \
	%D%/run_progress \
	%D%/run_pull \
	%D%/run_nested \
	%D%/run_old_kernel \
	%D%/run_refused \
	%D%/run_survivors \
	%D%/run_tree \
	%D%/run_tree_limits \
	%D%/tool_call \
	%D%/tool_life \
	%D%/tool_limits \
	%D%/tool_many \
	$(NULL)
scripts += \
	%D%/cli_agent.sh \
	%D%/cli_bad_input.sh \
	%D%/cli_budget.sh \
	%D%/cli_check.sh \
	%D%/cli_clocks.sh \
	%D%/cli_completion.sh \
	%D%/cli_crash.sh \
	%D%/cli_detach.sh \
	%D%/cli_doctor.sh \
	%D%/cli_detect.sh \
	%D%/cli_filter.sh \
	%D%/cli_hang.sh \
	%D%/cli_isolate.sh \
	%D%/cli_isolate_default.sh \
	%D%/cli_records.sh \
	%D%/cli_records_copied.sh \
	%D%/cli_records_forged.sh \
	%D%/cli_records_terminal.sh \
	%D%/cli_records_words.sh \
	%D%/cli_result_file.sh \
	%D%/cli_recover.sh \
	%D%/cli_stdin.sh \
	%D%/cli_stdout.sh \
	%D%/cli_large.sh \
	%D%/cli_manual.sh \
	%D%/cli_options.sh \
	%D%/cli_output.sh \
	%D%/cli_output_rule.sh \
	%D%/cli_pid1.sh \
	%D%/cli_plugins.sh \
	%D%/cli_plugins_new.sh \
	%D%/cli_plugins_refused.sh \
	%D%/cli_rm.sh \
	%D%/cli_run.sh \
	%D%/cli_explain.sh \
	%D%/cli_signals.sh \
	%D%/cli_terminal.sh \
	%D%/cli_view.sh \
	%D%/cli_tool.sh \
	%D%/cli_tool_jobs.sh \
	%D%/cli_usage.sh \
	%D%/cli_wait.sh \
	%D%/cli_worst.sh \
	%D%/streams.sh \
	%D%/pictures.sh \
	$(NULL)
threaded_tests += %D%/run_driven %D%/run_embedder %D%/tool_limits
# The program has a second thread in run, where it watches the plugin, and in
# check.
threaded_scripts += \
	%D%/cli_check.sh \
	%D%/cli_run.sh \
	%D%/cli_agent.sh \
	%D%/cli_detach.sh \
	%D%/cli_explain.sh \
	%D%/cli_isolate.sh \
	%D%/cli_output.sh \
	%D%/cli_pid1.sh \
	%D%/cli_records.sh \
	%D%/cli_result_file.sh \
	%D%/cli_signals.sh \
	%D%/cli_terminal.sh \
	%D%/cli_wait.sh \
	$(NULL)

system_fail_calls_SOURCES = %D%/fail_calls.c $(scenarios)
system_fail_calls_LDFLAGS = $(AM_LDFLAGS) $(wrap_calls)

system_fail_monitor_SOURCES = %D%/fail_monitor.c $(scenarios)
system_fail_monitor_LDFLAGS = $(AM_LDFLAGS) $(wrap_calls)
system_fail_killed_SOURCES = %D%/fail_killed.c $(faults)
system_fail_killed_LDFLAGS = $(AM_LDFLAGS) $(wrap_calls)
system_fail_limits_SOURCES = %D%/fail_limits.c $(scenarios)
system_fail_limits_LDFLAGS = $(AM_LDFLAGS) $(wrap_calls)
system_fail_memory_SOURCES = %D%/fail_memory.c $(scenarios)
system_fail_memory_LDFLAGS = $(AM_LDFLAGS) $(wrap_calls)

# The monitor, with a main that makes its calls fail.
check_PROGRAMS += %D%/faulty
system_faulty_SOURCES = %D%/faulty.c $(faults)
system_faulty_LDADD = $(top_builddir)/host/libmonitor.a
system_faulty_LDFLAGS = $(AM_LDFLAGS) $(wrap_calls)

system_run_idle_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime
system_tool_faults_SOURCES = %D%/tool_faults.c $(faults)
system_tool_faults_LDFLAGS = $(AM_LDFLAGS) $(wrap_calls)

# The mock agent is never sanitized: it shows what a child was given.
check_PROGRAMS += \
	%D%/agent \
	%D%/fake \
	%D%/fake_exec \
	%D%/player \
	%D%/without \
	$(NULL)
system_agent_SOURCES = \
	%D%/agent.c \
	%D%/agent_odd.c \
	%D%/agent_odd.h \
	$(NULL)
# Static where it can be, as the monitor: it is started and forks thousands of
# times, for which the dynamic loader needs more time than all else.
system_agent_CFLAGS = $(WARN_CFLAGS) $(PIE_CFLAGS)
system_agent_LDFLAGS = $(MONITOR_LDFLAGS)
system_agent_LDADD =
system_fake_exec_CFLAGS = $(WARN_CFLAGS)
system_fake_exec_LDFLAGS =
system_fake_exec_LDADD =
system_fake_LDADD =
system_player_LDADD =
system_without_LDADD =

EXTRA_DIST += \
	%D%/cli_agent.tsv \
	%D%/cli_detach.py \
	%D%/cli_manual.py \
	%D%/cli_records_terminal.py \
	%D%/cli_recover.py \
	%D%/cli_stdin.py \
	%D%/cli_stdout.py \
	%D%/cli_worst.py \
	%D%/cli_pid1.py \
	%D%/cli_signals.py \
	%D%/cli_terminal.py \
	%D%/column.py \
	%D%/doctor_json.py \
	%D%/installed.sh \
	%D%/lib.sh \
	%D%/on_terminal.py \
	%D%/cli_usage.table \
	%D%/oracle.py \
	%D%/oracle_droid.py \
	%D%/oracle_copilot.py \
	%D%/oracle_pi.py \
	%D%/oracle_providers.py \
	%D%/oracle_qwen.py \
	%D%/oracle_wire.py \
	%D%/recordings.py \
	%D%/recordings.sh \
	%D%/shell.py \
	%D%/tap.py \
	$(NULL)
