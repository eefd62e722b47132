# SPDX-License-Identifier: MIT
# Part of the program.
cli_run_sources = \
	%D%/abandon.c \
	%D%/agent.c \
	%D%/cmd_run.c \
	%D%/cmd_run.h \
	%D%/detach.c \
	%D%/detach.h \
	%D%/detach_host.c \
	%D%/detach_host.h \
	%D%/explain.c \
	%D%/follow.c \
	%D%/input.c \
	%D%/limit_options.c \
	%D%/limit_options.h \
	%D%/messages.c \
	%D%/run_options.c \
	%D%/run_options.h \
	%D%/scope.c \
	%D%/scope.h \
	%D%/watchdog.c \
	%D%/watchdog.h \
	$(NULL)
