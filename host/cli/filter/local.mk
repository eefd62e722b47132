# SPDX-License-Identifier: MIT
# Part of the program.
cli_filter_sources = \
	%D%/cmd_filter.c \
	$(NULL)
