# The public objects: host, stream, run.
run_sources = \
	%D%/api.c \
	%D%/bytes.c \
	%D%/child.c \
	%D%/end.c \
	%D%/host.c \
	%D%/host.h \
	%D%/host_loop.c \
	%D%/host_loop.h \
	%D%/monitor.c \
	%D%/opts.c \
	%D%/orphan_scan.c \
	%D%/output.c \
	%D%/record.c \
	%D%/run.c \
	%D%/run.h \
	%D%/start.c \
	%D%/start.h \
	%D%/stream.c \
	%D%/stream.h \
	%D%/stream_ask.c \
	%D%/stream_line.c \
	%D%/stream_out.c \
	%D%/stream_skip.c \
	%D%/timers.c \
	$(NULL)
