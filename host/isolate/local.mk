# SPDX-License-Identifier: MIT
# linehook-isolate: the process of one plugin.
monitor_PROGRAMS += linehook-isolate
linehook_isolate_SOURCES = \
	%D%/confine.c \
	%D%/isolate.h \
	%D%/journal.c \
	%D%/journal.h \
	%D%/main.c \
	%D%/serve.c \
	$(NULL)
linehook_isolate_LDADD = librooms.la $(JSON_C_LIBS)
linehook_isolate_CFLAGS = $(AM_CFLAGS) $(PIE_CFLAGS)
linehook_isolate_LDFLAGS = $(HARD_LDFLAGS) $(PIE_LDFLAGS) $(SAN_LDFLAGS)
