# linehook-exec.
monitor_sources = \
	%D%/cgroup.c \
	%D%/child.c \
	%D%/containment.c \
	%D%/control.c \
	%D%/landlock.c \
	%D%/main.c \
	%D%/monitor.h \
	%D%/oom.c \
	%D%/pidns.c \
	%D%/procfs.c \
	%D%/stale_cgroups.c \
	%D%/supervise.c \
	%D%/tree.c \
	$(NULL)

# What of common/ the monitor is made of.
monitor_sources += \
	common/cgroup_path.c \
	common/cgroup_path.h \
	common/monitor_proto.h \
	common/path_search.c \
	common/path_search.h \
	$(NULL)
