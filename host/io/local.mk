# SPDX-License-Identifier: MIT
# The loop, and what waits in it.
io_sources = \
	%D%/async_writer.c \
	%D%/async_writer.h \
	%D%/copier.c \
	%D%/copier.h \
	%D%/event_queue.c \
	%D%/event_queue.h \
	%D%/file_follow.c \
	%D%/file_follow.h \
	%D%/head_tail.c \
	%D%/head_tail.h \
	%D%/inotify.c \
	%D%/inotify.h \
	%D%/loop.c \
	%D%/loop.h \
	%D%/pipe.c \
	%D%/pipe.h \
	%D%/spool.c \
	%D%/spool.h \
	%D%/timer.c \
	%D%/timer.h \
	$(NULL)
