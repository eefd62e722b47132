# SPDX-License-Identifier: MIT
# The strict reader, its shapes, salvage, repair and the writer.
#
# The reader alone is also part of every plugin.
json_reader_sources = \
	%D%/escape.h \
	%D%/fields.c \
	%D%/fill.h \
	%D%/number.c \
	%D%/ops.h \
	%D%/reader.c \
	%D%/scan_avx2.c \
	%D%/scan_portable.c \
	%D%/scan_sse2.c \
	%D%/shape.c \
	%D%/tables.c \
	%D%/text.c \
	%D%/text_buf.c \
	%D%/utf8.c \
	%D%/utf8.h \
	%D%/utf8_avx2.h \
	%D%/walk.h \
	$(NULL)

json_sources = \
	%D%/ascii.h \
	%D%/member.h \
	%D%/recover.c \
	%D%/recover.h \
	%D%/salvage.c \
	%D%/salvage.h \
	%D%/separators.c \
	%D%/separators.h \
	%D%/slice.c \
	%D%/slice.h \
	%D%/text_reader.c \
	%D%/text_reader.h \
	%D%/tree.c \
	%D%/tree.h \
	%D%/writer.c \
	%D%/writer.h \
	$(NULL)
