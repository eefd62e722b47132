# SPDX-License-Identifier: MIT
# Part of the program.
cli_plugins_sources = \
	%D%/cmd_plugins.c \
	%D%/listing.c \
	%D%/listing.h \
	%D%/skeleton.c \
	%D%/skeleton.h \
	$(NULL)

# The files of a new plugin: installed as an example, and part of the program,
# which so finds them wherever it was moved.
skeletondir = $(docdir)/examples/plugin
skeleton_files = \
	%D%/skeleton/README \
	%D%/skeleton/skeleton.c \
	%D%/skeleton/Makefile \
	%D%/skeleton/linehook-skeleton.7 \
	%D%/skeleton/sample.ndjson \
	%D%/skeleton/sample.events \
	$(NULL)
dist_skeleton_DATA = $(skeleton_files)
cli_plugins_made = %D%/skeleton_lines.c
CLEANFILES += %D%/skeleton_lines.c

%D%/skeleton_lines.c: $(skeleton_files) %D%/local.mk
	$(AM_V_GEN)$(MKDIR_P) %D% && { \
	  echo '#include "config.h"'; \
	  echo '#include "cli/plugins/skeleton.h"'; \
	  echo 'const struct skeleton_line skeleton_lines[] = {'; \
	  for file in $(skeleton_files); do \
	    test -f $$file || file=$(srcdir)/$$file; \
	    name=`echo $$file | sed 's,.*/,,'`; \
	    sed -e 's/[\\"]/\\&/g' -e "s;^;	{ \"$$name\", \";" \
	      -e 's/$$/\\n" },/' $$file || exit 1; \
	  done; \
	  echo '	{ NULL, NULL },'; \
	  echo '};'; \
	} >$@.new && mv $@.new $@
