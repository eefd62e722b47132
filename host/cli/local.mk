# Part of the program.
cli_sources = \
	%D%/cli.c \
	%D%/cli.h \
	%D%/elf.c \
	%D%/elf.h \
	%D%/sentence.c \
	%D%/sentence.h \
	%D%/session.c \
	%D%/session.h \
	$(NULL)
