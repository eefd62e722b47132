# Part of the program.
cli_sources = \
	%D%/cli.c \
	%D%/cli.h \
	%D%/elf.c \
	%D%/elf.h \
	%D%/session.c \
	%D%/session.h \
	$(NULL)
