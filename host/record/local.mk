# SPDX-License-Identifier: MIT
# Records of runs: written by the run, read by anybody.
record_sources = \
	%D%/catch_up.c \
	%D%/cursor.c \
	%D%/draft.c \
	%D%/draft.h \
	%D%/ending.c \
	%D%/find.c \
	%D%/gc.c \
	%D%/gc.h \
	%D%/head.c \
	%D%/head.h \
	%D%/index.c \
	%D%/index.h \
	%D%/labels.c \
	%D%/labels.h \
	%D%/layout.c \
	%D%/layout.h \
	%D%/list.c \
	%D%/marks.c \
	%D%/marks.h \
	%D%/remove.c \
	%D%/remove.h \
	%D%/show.c \
	%D%/show.h \
	%D%/state.c \
	%D%/state.h \
	%D%/store.c \
	%D%/store.h \
	%D%/wait.c \
	%D%/wait.h \
	%D%/walk.c \
	%D%/walk.h \
	%D%/writer.c \
	%D%/writer.h \
	$(NULL)
