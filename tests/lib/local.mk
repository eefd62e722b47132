# SPDX-License-Identifier: MIT
# What many tests use.
libtest_la_SOURCES += \
	%D%/capture.c \
	%D%/capture.h \
	%D%/cgroup.c \
	%D%/cgroup.h \
	%D%/checksum.h \
	%D%/child.c \
	%D%/child.h \
	%D%/clock.c \
	%D%/clock.h \
	%D%/collect.c \
	%D%/collect.h \
	%D%/collect_print.c \
	%D%/collect_print.h \
	%D%/containments.c \
	%D%/containments.h \
	%D%/decoded.c \
	%D%/decoded.h \
	%D%/event_log.c \
	%D%/event_log.h \
	%D%/event_rewrite.c \
	%D%/event_rewrite.h \
	%D%/failing.c \
	%D%/failing.h \
	%D%/frame_log.c \
	%D%/frame_log.h \
	%D%/golden.c \
	%D%/guarded_buffer.c \
	%D%/guarded_buffer.h \
	%D%/id_kinds.c \
	%D%/id_kinds.h \
	%D%/leaks.c \
	%D%/leaks.h \
	%D%/line_shapes.c \
	%D%/line_shapes.h \
	%D%/machine.c \
	%D%/machine.h \
	%D%/mock_plugin.c \
	%D%/mock_plugin.h \
	%D%/monitor_driver.c \
	%D%/monitor_driver.h \
	%D%/pidns.c \
	%D%/pidns.h \
	%D%/prng.c \
	%D%/prng.h \
	%D%/record_check.c \
	%D%/record_check.h \
	%D%/record_fixture.c \
	%D%/record_fixture.h \
	%D%/salvage_pieces.c \
	%D%/salvage_pieces.h \
	%D%/small_disk.c \
	%D%/small_disk.h \
	%D%/stream_fixture.c \
	%D%/stream_fixture.h \
	%D%/sysfile.c \
	%D%/sysfile.h \
	%D%/tap.c \
	%D%/tap.h \
	%D%/tempdir.c \
	%D%/tempdir.h \
	%D%/tool_call.c \
	%D%/tool_call.h \
	%D%/trial.c \
	%D%/trial.h \
	$(NULL)

# Calls that a linker's --wrap leads through a test.
wrap_malloc = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
wrap_heap = $(wrap_malloc) -Wl,--wrap=free
heap = %D%/heap.c %D%/heap.h
wrap_allocations = $(wrap_malloc) -Wl,--wrap=snprintf,--wrap=__snprintf_chk

# System calls of all rooms in programs with these go through lib/wraps.c.
wrap_calls = \
	-Wl,--wrap=access,--wrap=chdir,--wrap=close,--wrap=faccessat,--wrap=epoll_create1 \
	-Wl,--wrap=epoll_ctl,--wrap=epoll_wait,--wrap=eventfd,--wrap=execve \
	-Wl,--wrap=fallocate,--wrap=fcntl,--wrap=fdopendir,--wrap=fork \
	-Wl,--wrap=fstat,--wrap=fstatat,--wrap=ftruncate,--wrap=mkdirat \
	-Wl,--wrap=renameat,--wrap=unlinkat \
	-Wl,--wrap=fsync,--wrap=getrandom,--wrap=inotify_add_watch \
	-Wl,--wrap=inotify_init1,--wrap=lseek,--wrap=memfd_create \
	-Wl,--wrap=mkostemp,--wrap=open,--wrap=openat,--wrap=opendir \
	-Wl,--wrap=pipe2,--wrap=poll,--wrap=posix_spawn \
	-Wl,--wrap=posix_spawn_file_actions_adddup2 \
	-Wl,--wrap=posix_spawn_file_actions_init,--wrap=prctl,--wrap=pread \
	-Wl,--wrap=pwrite,--wrap=read,--wrap=readdir,--wrap=recv \
	-Wl,--wrap=recvmsg,--wrap=rename,--wrap=send,--wrap=sendmsg \
	-Wl,--wrap=setrlimit,--wrap=signalfd,--wrap=socketpair \
	-Wl,--wrap=syscall,--wrap=timerfd_create,--wrap=unlink,--wrap=wait4 \
	-Wl,--wrap=waitid,--wrap=write \
	$(NULL)
faults = %D%/faults.c %D%/faults.h %D%/wraps.c
scenarios = $(faults) %D%/scenario.c %D%/scenario.h %D%/scenario_record.c \
	%D%/scenario_run.c %D%/scenario_tool.c
