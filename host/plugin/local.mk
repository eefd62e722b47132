# SPDX-License-Identifier: MIT
# Finding, checking, loading and calling plugins.
plugin_sources = \
	%D%/call_watch.c \
	%D%/call_watch.h \
	%D%/description.c \
	%D%/description.h \
	%D%/choose.c \
	%D%/choose.h \
	%D%/command_line.c \
	%D%/command_match.c \
	%D%/command_match.h \
	%D%/command_template.c \
	%D%/command_template.h \
	%D%/instance.c \
	%D%/instance.h \
	%D%/launchers.c \
	%D%/launchers.h \
	%D%/lines.c \
	%D%/lines.h \
	%D%/load.c \
	%D%/load.h \
	%D%/object_file.c \
	%D%/object_file.h \
	%D%/object_needs.c \
	%D%/object_needs.h \
	%D%/pins.c \
	%D%/pins.h \
	%D%/registry.c \
	%D%/registry.h \
	$(NULL)
