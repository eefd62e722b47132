# The library in an embedder's program: examples, and what it must not touch.
embed_tests = \
	%D%/beside \
	%D%/cost \
	%D%/oath \
	%D%/unload \
	%D%/zoo \
	$(NULL)
scripts += %D%/python.sh

# As an embedder: the shared library alone.
guest = libtest.la $(top_builddir)/host/liblinehook.la $(CUNIT_LIBS)
guest_sources = %D%/guest.c %D%/guest.h %D%/state.c %D%/state.h
embed_beside_SOURCES = %D%/beside.c $(guest_sources)
embed_beside_LDADD = $(guest)
embed_cost_SOURCES = %D%/cost.c %D%/guest.c %D%/guest.h
embed_cost_LDADD = $(guest)
embed_oath_SOURCES = %D%/oath.c $(guest_sources)
embed_oath_LDADD = $(guest)
embed_unload_LDADD = libtest.la $(CUNIT_LIBS)
embed_zoo_LDADD = $(guest)
EXTRA_DIST += %D%/zoo.py %D%/zoo.js %D%/c.sh %D%/go.sh %D%/node.sh \
	%D%/worker.sh \
	%D%/go/go.mod %D%/go/zoo_test.go

check_PROGRAMS += %D%/layout
embed_layout_LDADD =
