# SPDX-License-Identifier: MIT
# linehook-isolate: the process of one plugin.  What answers calls is an archive, so
# that tests can link it.
noinst_LIBRARIES += libserver.a
libserver_a_SOURCES = \
	%D%/journal.c \
	%D%/journal.h \
	%D%/server.c \
	%D%/server.h \
	$(NULL)
libserver_a_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)

monitor_PROGRAMS += linehook-isolate
linehook_isolate_SOURCES = \
	%D%/confine.c \
	%D%/isolate.h \
	%D%/main.c \
	%D%/serve.c \
	$(NULL)
linehook_isolate_LDADD = libserver.a librooms.la $(JSON_C_LIBS)
linehook_isolate_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
linehook_isolate_LDFLAGS = $(HARD_LDFLAGS) $(PIE_LDFLAGS) $(SAN_LDFLAGS)
