# Part of the program.
cli_tool_sources = \
	%D%/calls.c \
	%D%/cmd_tool.c \
	%D%/cmd_tool.h \
	%D%/job_line.c \
	%D%/jobs.c \
	%D%/print.c \
	%D%/request_options.c \
	%D%/tool_id.c \
	%D%/tool_options.c \
	$(NULL)
