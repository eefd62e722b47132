# Part of the program.
cli_opt_sources = \
	%D%/common_options.c \
	%D%/common_options.h \
	%D%/help.c \
	%D%/opt.c \
	%D%/opt.h \
	$(NULL)
