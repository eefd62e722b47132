# SPDX-License-Identifier: MIT
# Part of the program.
cli_opt_sources = \
	%D%/common_options.c \
	%D%/common_options.h \
	%D%/help.c \
	%D%/nearest.c \
	%D%/opt.c \
	%D%/opt.h \
	%D%/option.h \
	%D%/plugin_name.c \
	%D%/plugin_name.h \
	%D%/value.c \
	%D%/value.h \
	$(NULL)
