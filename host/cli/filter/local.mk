# Part of the program.
cli_filter_sources = \
	%D%/autodetect.c \
	%D%/autodetect.h \
	%D%/cmd_filter.c \
	$(NULL)
