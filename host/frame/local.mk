# SPDX-License-Identifier: MIT
# Bytes to lines, bounded.
frame_sources = \
	%D%/budget.c \
	%D%/budget.h \
	%D%/frame.c \
	%D%/frame.h \
	%D%/linebuf.c \
	%D%/linebuf.h \
	$(NULL)
