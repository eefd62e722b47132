# SPDX-License-Identifier: MIT
# Part of the program.
cli_sources = \
	%D%/alloc.c \
	%D%/alloc.h \
	%D%/cli.c \
	%D%/cli.h \
	%D%/commands.c \
	%D%/commands.h \
	%D%/crash.c \
	%D%/crash.h \
	%D%/elf.c \
	%D%/elf.h \
	%D%/help.c \
	%D%/resume_words.c \
	%D%/resume_words.h \
	%D%/program.c \
	%D%/program.h \
	%D%/sentence.c \
	%D%/sentence.h \
	%D%/session.c \
	%D%/session.h \
	$(NULL)
