# SPDX-License-Identifier: MIT
# Part of the program.
cli_output_sources = \
	%D%/async_stdio.c \
	%D%/async_stdio.h \
	%D%/event_output.c \
	%D%/event_output.h \
	%D%/raw_line.c \
	%D%/raw_line.h \
	%D%/log.c \
	%D%/log.h \
	%D%/main_loop.c \
	%D%/main_loop.h \
	%D%/result_file.c \
	%D%/result_file.h \
	%D%/signals.c \
	%D%/signals.h \
	%D%/status_line.c \
	%D%/status_line.h \
	%D%/stdout.c \
	%D%/stdout.h \
	%D%/table.c \
	%D%/table.h \
	%D%/terminal.c \
	%D%/terminal.h \
	%D%/terminal_caps.c \
	%D%/terminal_caps.h \
	%D%/terminal_json.c \
	%D%/terminal_json.h \
	$(NULL)
