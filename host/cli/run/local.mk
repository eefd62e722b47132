# Part of the program.
cli_run_sources = \
	%D%/cmd_run.c \
	%D%/cmd_run.h \
	%D%/explain.c \
	%D%/follow.c \
	%D%/input.c \
	%D%/interpreter.c \
	%D%/messages.c \
	%D%/no_start.c \
	%D%/run_options.c \
	%D%/run_options.h \
	$(NULL)
