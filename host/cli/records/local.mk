# Part of the program.
cli_records_sources = \
	%D%/cmd_cancel.c \
	%D%/cmd_follow.c \
	%D%/cmd_gc.c \
	%D%/cmd_replay.c \
	%D%/cmd_runs.c \
	%D%/cmd_show.c \
	%D%/records.c \
	%D%/records.h \
	%D%/replay.h \
	%D%/replay_diff.c \
	%D%/replay_run.c \
	%D%/row.c \
	%D%/runs.h \
	%D%/usage.c \
	%D%/usage.h \
	%D%/usage_print.c \
	$(NULL)
