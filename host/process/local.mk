# SPDX-License-Identifier: MIT
# The library's side of a child: the monitor's client.
process_sources = \
	%D%/isolate_client.c \
	%D%/isolate_journal.c \
	%D%/isolate_journal.h \
	%D%/isolate_client.h \
	%D%/monitor_client.c \
	%D%/monitor_client.h \
	%D%/orphans.c \
	%D%/orphans.h \
	%D%/spawn.c \
	%D%/spawn.h \
	$(NULL)
