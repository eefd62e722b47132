# SPDX-License-Identifier: MIT
# Part of the program.
cli_completion_sources = \
	%D%/bash.c \
	%D%/cmd_completion.c \
	%D%/completion.h \
	%D%/fish.c \
	%D%/zsh.c \
	$(NULL)
