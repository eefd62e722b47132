# SPDX-License-Identifier: MIT
# linehook-exec.  All of it but main is a library, which tests link with faults
# of their own.
noinst_LIBRARIES = libmonitor.a
libmonitor_a_SOURCES = \
	%D%/cgroup.c \
	%D%/cgroup_limits.c \
	%D%/child.c \
	%D%/containment.c \
	%D%/control.c \
	%D%/events.c \
	%D%/monitor.c \
	%D%/monitor.h \
	%D%/oom.c \
	%D%/pidns.c \
	%D%/procfs_view.c \
	%D%/signaled.c \
	%D%/supervise.c \
	%D%/tree.c \
	$(NULL)

# What of common/ the monitor needs; none of it allocates memory.
libmonitor_a_SOURCES += \
	common/cgroup_control.c \
	common/cgroup_path.c \
	common/clock.c \
	common/dirents.c \
	common/fd.c \
	common/io.c \
	common/landlock.c \
	common/limit_guard.c \
	common/pages.c \
	common/path_search.c \
	common/pidfd.c \
	common/procfs.c \
	common/userns.c \
	$(NULL)
libmonitor_a_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)

linehook_exec_SOURCES = %D%/main.c
linehook_exec_LDADD = libmonitor.a
linehook_exec_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
# Static where it can be: its environment is the agent's, and LD_PRELOAD in
# that must not reach the monitor.
linehook_exec_LDFLAGS = $(HARD_LDFLAGS) $(MONITOR_LDFLAGS) $(SAN_LDFLAGS)
