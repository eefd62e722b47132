# SPDX-License-Identifier: MIT
# Events as JSON and as text for people: functions of bytes alone.
format_sources = \
	%D%/event_json.c \
	%D%/event_json.h \
	%D%/event_reader.c \
	%D%/event_reader.h \
	%D%/event_reader_kinds.c \
	%D%/event_reader_private.h \
	%D%/event_reader_result.c \
	%D%/event_text.c \
	%D%/event_text.h \
	%D%/text_once.h \
	%D%/text_once.c \
	%D%/event_words.c \
	%D%/event_words.h \
	%D%/remedy.c \
	%D%/remedy.h \
	%D%/repeat.c \
	%D%/repeat.h \
	%D%/safe_text.c \
	%D%/safe_text.h \
	%D%/summary_text.c \
	%D%/summary_text.h \
	%D%/verdict_text.c \
	%D%/verdict_text.h \
	$(NULL)
