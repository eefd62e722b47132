# SPDX-License-Identifier: MIT
# The library in an embedder's program: examples, and what it must not touch.
embed_tests = \
	%D%/coexist \
	%D%/resources \
	%D%/side_effects \
	%D%/unload \
	%D%/many_runs \
	$(NULL)
scripts += %D%/python.sh
threaded_tests += %D%/coexist %D%/resources %D%/side_effects

# As an embedder: the shared library alone.
shared_library = libtest.la $(top_builddir)/host/liblinehook.la $(CUNIT_LIBS)
embedder_sources = %D%/embedder.c %D%/embedder.h %D%/process_state.c %D%/process_state.h
embed_coexist_SOURCES = %D%/coexist.c $(embedder_sources)
embed_coexist_LDADD = $(shared_library)
embed_resources_SOURCES = %D%/resources.c %D%/embedder.c %D%/embedder.h
embed_resources_LDADD = $(shared_library)
embed_side_effects_SOURCES = %D%/side_effects.c $(embedder_sources)
embed_side_effects_LDADD = $(shared_library)
embed_unload_LDADD = libtest.la $(CUNIT_LIBS)
embed_many_runs_LDADD = $(shared_library)
EXTRA_DIST += %D%/many_runs.py %D%/many_runs.js %D%/c.sh %D%/go.sh %D%/node.sh \
	%D%/worker.sh \
	%D%/go/go.mod %D%/go/many_runs_test.go

check_PROGRAMS += %D%/layout
embed_layout_LDADD =
