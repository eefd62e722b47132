# SPDX-License-Identifier: MIT
# Faults and trees: each program short in make check, long in make
# check-torture.  The clock of the day is one that jumps.
torture_tests = \
	%D%/controls \
	%D%/deaths \
	%D%/load \
	%D%/torture \
	$(NULL)
threaded_tests += $(torture_tests)
check_PROGRAMS += %D%/leaky_monitor
check_LTLIBRARIES += %D%/libtorture.la
torture_libtorture_la_SOURCES = \
	%D%/serial.c \
	%D%/resources.c \
	%D%/entries.c \
	%D%/expected.c \
	%D%/expected.h \
	%D%/faults.c \
	%D%/host.c \
	%D%/records.c \
	%D%/parameters.c \
	%D%/runner.c \
	%D%/shapes.c \
	%D%/sandbox.c \
	%D%/environment_faults.c \
	%D%/hooks.c \
	%D%/torture.h \
	%D%/watchdog.c \
	$(NULL)
torture_leaky_monitor_CFLAGS = $(WARN_CFLAGS)
torture_leaky_monitor_LDFLAGS =
torture_leaky_monitor_LDADD =
torture_ldadd = %D%/libtorture.la $(rooms)
torture_ldflags = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime
torture_controls_LDADD = $(torture_ldadd)
torture_controls_LDFLAGS = $(torture_ldflags)
torture_deaths_LDADD = $(torture_ldadd)
torture_deaths_LDFLAGS = $(torture_ldflags)
torture_load_SOURCES = %D%/load.c %D%/load.h %D%/stress.c
torture_load_LDADD = $(torture_ldadd)
torture_load_LDFLAGS = $(torture_ldflags)
torture_torture_LDADD = $(torture_ldadd)
torture_torture_LDFLAGS = $(torture_ldflags)
