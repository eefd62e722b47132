# Part of the program.
cli_plugins_sources = \
	%D%/cmd_plugins.c \
	%D%/listing.c \
	%D%/listing.h \
	$(NULL)
