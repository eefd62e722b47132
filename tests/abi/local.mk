# SPDX-License-Identifier: MIT
# The ABI: what is exported, how it lies in memory, and plugins of other ages.
abi_tests = \
	%D%/abi \
	%D%/embed \
	%D%/layout \
	$(NULL)
scripts += \
	%D%/authors.sh \
	%D%/headers.sh \
	%D%/library.sh \
	%D%/manual.sh \
	%D%/symbols.sh \
	%D%/version.sh \
	$(NULL)

# A sanitizer needs the dynamic loader, which the monitor must do without.
EXTRA_DIST += %D%/monitor.sh
if !SANITIZE
scripts += %D%/monitor.sh
endif

# Without optimisation nothing is fortified, and a sanitizer takes its place.
EXTRA_DIST += %D%/hardening.sh
if HARDENED
scripts += %D%/hardening.sh
endif

# As a runner would: the shared library alone.
abi_embed_LDADD = $(top_builddir)/host/liblinehook.la

# old.la is built from the headers frozen at ABI 1.0 and from nothing else,
# future.la says more than this host knows.
check_LTLIBRARIES += %D%/old.la %D%/future.la
abi_old_la_SOURCES = \
	%D%/v1.0/linehook/base.h \
	%D%/v1.0/linehook/event.h \
	%D%/v1.0/linehook/plugin.h \
	%D%/v1.0/linehook/version.h \
	%D%/v1.0/old.c \
	$(NULL)
abi_old_la_CPPFLAGS = -I$(srcdir)/%D%/v1.0
abi_old_la_LDFLAGS = $(module_ldflags)
abi_future_la_LDFLAGS = $(module_ldflags)
EXTRA_DIST += %D%/v1.0/README

# What library.sh compares the library with.
EXTRA_DIST += %D%/library.abignore %D%/v1.0/liblinehook.abi

# The sources of plugins that authors.sh builds, as strangers would.
EXTRA_DIST += \
	%D%/author.c \
	%D%/author.cc \
	%D%/author_json_c.c \
	%D%/author_parser.c \
	%D%/manual.py \
	$(NULL)
