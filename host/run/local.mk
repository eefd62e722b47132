# SPDX-License-Identifier: MIT
# The public objects: host, stream, run.
run_sources = \
	%D%/abandon.c \
	%D%/agent_input.c \
	%D%/agent_input.h \
	%D%/bounds.c \
	%D%/bounds.h \
	%D%/budget.c \
	%D%/budget.h \
	%D%/cancel.c \
	%D%/cancel.h \
	%D%/core.h \
	%D%/detect.h \
	%D%/events.c \
	%D%/events.h \
	%D%/format_check.h \
	%D%/host.c \
	%D%/host.h \
	%D%/isolated.c \
	%D%/isolated.h \
	%D%/limits.c \
	%D%/limits.h \
	%D%/monitor.c \
	%D%/monitor.h \
	%D%/open_args.c \
	%D%/open_args.h \
	%D%/opts.c \
	%D%/opts.h \
	%D%/orphan_scan.c \
	%D%/orphan_scan.h \
	%D%/output.c \
	%D%/output.h \
	%D%/run.c \
	%D%/run.h \
	%D%/start.c \
	%D%/stream.c \
	%D%/stream.h \
	%D%/stream_detect.c \
	%D%/stream_format.c \
	%D%/stream_line.c \
	%D%/stream_lost.c \
	%D%/stream_quarantine.c \
	%D%/stream_recover.c \
	%D%/timers.c \
	%D%/timers.h \
	$(NULL)
