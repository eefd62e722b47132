# SPDX-License-Identifier: MIT
# Part of the program.
cli_check_sources = \
	%D%/cmd_check.c \
	%D%/elf_cases.c \
	%D%/event_rules.c \
	%D%/event_trace.c \
	%D%/plugin_cases.c \
	%D%/plugin_driver.c \
	%D%/plugin_driver.h \
	%D%/stream_cases.c \
	%D%/suite.c \
	%D%/suite.h \
	%D%/transcript.c \
	$(NULL)
