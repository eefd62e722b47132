# SPDX-License-Identifier: MIT
# Part of the program.
cli_check_sources = \
	%D%/cmd_check.c \
	%D%/damage_rules.c \
	%D%/error_rules.c \
	%D%/event_fault.c \
	%D%/event_trace.c \
	%D%/event_trace.h \
	%D%/file_rules.c \
	%D%/handle_rules.c \
	%D%/memory_rules.c \
	%D%/page_rules.c \
	%D%/plugin_driver.c \
	%D%/plugin_driver.h \
	%D%/probe_rules.c \
	%D%/process_rules.c \
	%D%/report.c \
	%D%/rules.c \
	%D%/samples.c \
	%D%/samples.h \
	%D%/state_rules.c \
	%D%/stream_feed.c \
	%D%/stream_feed.h \
	%D%/stream_rules.c \
	%D%/suite.c \
	%D%/suite.h \
	%D%/syscall_trap.c \
	%D%/syscall_trap.h \
	%D%/thread_rules.c \
	%D%/time_rules.c \
	%D%/transcript.c \
	%D%/transcript.h \
	%D%/trial.c \
	%D%/trial.h \
	%D%/trial_end.c \
	$(NULL)
