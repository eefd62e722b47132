# Part of the program.
cli_check_sources = \
	%D%/byte_cases.c \
	%D%/cmd_check.c \
	%D%/elf.c \
	%D%/elf_cases.c \
	%D%/event_rules.c \
	%D%/event_trace.c \
	%D%/guard.c \
	%D%/memory_cases.c \
	%D%/plugin_cases.c \
	%D%/plugin_driver.c \
	%D%/plugin_driver.h \
	%D%/stream_cases.c \
	%D%/stream_cases.h \
	%D%/suite.c \
	%D%/suite.h \
	%D%/transcript.c \
	$(NULL)
