# Part of the program.
cli_view_sources = \
	%D%/view.c \
	%D%/view.h \
	$(NULL)
