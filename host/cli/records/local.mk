# SPDX-License-Identifier: MIT
# Subcommands on records of runs.
cli_records_sources = \
	%D%/brief.c \
	%D%/brief.h \
	%D%/cmd_cancel.c \
	%D%/cmd_follow.c \
	%D%/cmd_gc.c \
	%D%/cmd_replay.c \
	%D%/cmd_rm.c \
	%D%/cmd_runs.c \
	%D%/cmd_show.c \
	%D%/cmd_wait.c \
	%D%/list_table.c \
	%D%/list_table.h \
	%D%/follow_output.c \
	%D%/follow_output.h \
	%D%/outcome_line.c \
	%D%/outcome_line.h \
	%D%/record_info.c \
	%D%/record_info.h \
	%D%/records.c \
	%D%/records.h \
	%D%/replay.h \
	%D%/replay_diff.c \
	%D%/replay_run.c \
	%D%/removal.c \
	%D%/removal.h \
	%D%/resume.c \
	%D%/resume.h \
	%D%/row.c \
	%D%/row.h \
	%D%/show_page.c \
	%D%/show_page.h \
	%D%/show_rows.c \
	%D%/show_rows.h \
	%D%/show_state.c \
	%D%/show_usage.c \
	%D%/usage.c \
	%D%/usage.h \
	$(NULL)
