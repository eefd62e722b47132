# SPDX-License-Identifier: MIT
# Part of the program.
cli_tool_sources = \
	%D%/calls.c \
	%D%/cmd_tool.c \
	%D%/cmd_tool.h \
	%D%/jobs.c \
	%D%/tool_options.c \
	$(NULL)
