# What every room uses; the monitor is made of some of it too.
common_sources = \
	%D%/atomic_file.c \
	%D%/atomic_file.h \
	%D%/cgroup_path.c \
	%D%/cgroup_path.h \
	%D%/cleanup.h \
	%D%/clock.c \
	%D%/clock.h \
	%D%/error.c \
	%D%/error.h \
	%D%/fd.c \
	%D%/fd.h \
	%D%/io.c \
	%D%/io.h \
	%D%/limits.h \
	%D%/macros.h \
	%D%/mem.c \
	%D%/mem.h \
	%D%/monitor_proto.h \
	%D%/outbuf.c \
	%D%/outbuf.h \
	%D%/path_search.c \
	%D%/path_search.h \
	%D%/procfs.c \
	%D%/procfs.h \
	%D%/ratelimit.c \
	%D%/ratelimit.h \
	%D%/strbuf.c \
	%D%/strbuf.h \
	%D%/termsafe.c \
	%D%/termsafe.h \
	%D%/ulid.c \
	%D%/ulid.h \
	%D%/text.h \
	%D%/utf8.c \
	%D%/utf8.h \
	$(NULL)
