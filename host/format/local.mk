# Events as JSON and as text for people: functions of bytes alone.
format_sources = \
	%D%/delta_progress.c \
	%D%/delta_progress.h \
	%D%/event_json.c \
	%D%/event_json.h \
	%D%/event_lines.c \
	%D%/event_lines.h \
	%D%/event_text.c \
	%D%/event_text.h \
	%D%/result_json.c \
	%D%/summary_text.c \
	%D%/safe_text.c \
	%D%/text_line.c \
	%D%/text_line.h \
	$(NULL)
