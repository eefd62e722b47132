# Records of runs: written by the run, read by anybody.
record_sources = \
	%D%/cursor.c \
	%D%/end.c \
	%D%/gc.c \
	%D%/head.c \
	%D%/index.c \
	%D%/layout.c \
	%D%/layout.h \
	%D%/remove.c \
	%D%/show.c \
	%D%/state.c \
	%D%/store.c \
	%D%/store.h \
	%D%/wait.c \
	%D%/writer.c \
	%D%/writer.h \
	$(NULL)
