# SPDX-License-Identifier: MIT
# Part of the program.
cli_view_sources = \
	%D%/clip.c \
	%D%/clip.h \
	%D%/edit.c \
	%D%/ending.c \
	%D%/head.c \
	%D%/layout.c \
	%D%/layout.h \
	%D%/lines.c \
	%D%/marks.c \
	%D%/marks.h \
	%D%/notice.c \
	%D%/plan.c \
	%D%/preview.c \
	%D%/screen.c \
	%D%/screen.h \
	%D%/stderr.c \
	%D%/tool.c \
	%D%/view.c \
	%D%/view.h \
	%D%/view_private.h \
	$(NULL)
