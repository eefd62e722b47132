# What every room uses; the monitor is made of some of it too.
common_sources = \
	%D%/cgroup_path.c \
	%D%/cgroup_path.h \
	%D%/cleanup.h \
	%D%/error.c \
	%D%/error.h \
	%D%/fd.c \
	%D%/fd.h \
	%D%/limits.h \
	%D%/mem.c \
	%D%/mem.h \
	%D%/monitor_proto.h \
	%D%/outbuf.c \
	%D%/outbuf.h \
	%D%/path_search.c \
	%D%/path_search.h \
	%D%/ratelimit.c \
	%D%/ratelimit.h \
	%D%/termsafe.c \
	%D%/termsafe.h \
	$(NULL)
