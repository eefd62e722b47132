# SPDX-License-Identifier: MIT
# Events checked, joined and summed up: functions of bytes alone.
event_sources = \
	%D%/copies.c \
	%D%/copies.h \
	%D%/event_record.c \
	%D%/event_record.h \
	%D%/event_union.h \
	%D%/final_text.c \
	%D%/final_text.h \
	%D%/idmap.c \
	%D%/idmap.h \
	%D%/members.c \
	%D%/members.h \
	%D%/summary.c \
	%D%/summary.h \
	%D%/surrogate_join.c \
	%D%/surrogate_join.h \
	%D%/reason.c \
	%D%/reason.h \
	%D%/threads.c \
	%D%/threads.h \
	%D%/tool_counts.c \
	%D%/tool_counts.h \
	%D%/usage.c \
	%D%/usage.h \
	%D%/validate.c \
	%D%/validate.h \
	%D%/verdict.c \
	%D%/verdict.h \
	$(NULL)
