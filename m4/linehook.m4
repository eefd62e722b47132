# linehook.m4 - for autotools builds of plugins.                  serial 1
#
# LINEHOOK_PLUGIN([MINIMUM-VERSION])
#
# Needs linehook's headers and its static JSON reader.  Sets and substitutes
# LINEHOOK_PLUGIN_CFLAGS, LINEHOOK_PLUGIN_LIBS and linehook_plugindir (where
# the host looks for plugins).  In Makefile.am:
#
#	linehook_LTLIBRARIES = hello.la
#	linehookdir = $(linehook_plugindir)
#	hello_la_CFLAGS = $(LINEHOOK_PLUGIN_CFLAGS) -fvisibility=hidden
#	hello_la_LDFLAGS = -module -avoid-version -shared -no-undefined
#	hello_la_LIBADD = $(LINEHOOK_PLUGIN_LIBS)
AC_DEFUN([LINEHOOK_PLUGIN], [
  PKG_CHECK_MODULES([LINEHOOK_PLUGIN], [linehook-plugin m4_ifval([$1], [>= $1])])
  PKG_CHECK_VAR([linehook_plugindir], [linehook-plugin], [plugindir])
])
